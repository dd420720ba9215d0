// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/sqlhighlighter.h"

#include <QEvent>
#include <QPlainTextEdit>
#include <QRegularExpression>

namespace lk::window {

/// A longer one is no SQL that somebody reads; in characters.
static constexpr qsizetype LongestLine = 20'000;

enum BlockState
{
    Plain = 0,
    InComment = 1,
};

SqlHighlighter::SqlHighlighter(QPlainTextEdit *edit)
    : QSyntaxHighlighter(edit->document())
    , m_edit(edit)
{
    edit->installEventFilter(this);
    chooseColours();
}

void SqlHighlighter::chooseColours()
{
    const bool dark = m_edit->palette().color(QPalette::Base).lightness() < 128;
    m_keyword.setFontWeight(QFont::Bold);
    m_literal.setForeground(dark ? QColor(0xff9fd08a) : QColor(0xff2f6b1c));
    m_comment.setForeground(dark ? QColor(0xff9aa4aa) : QColor(0xff5d666b));
    m_comment.setFontItalic(true);
}

bool SqlHighlighter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        chooseColours();
        rehighlight();
    }
    return QSyntaxHighlighter::eventFilter(watched, event);
}

void SqlHighlighter::highlightBlock(const QString &text)
{
    // One alternative for each kind of token, in the order of the groups; what none takes stays plain. The possessive
    // quantifiers keep a hostile line from being tried again and again.
    static const QRegularExpression Token(
        QStringLiteral(
            "(--.*+)|(/\\*)|('(?:[^']|'')*+'?|\\b[0-9][0-9a-fx.]*+)|(\"(?:[^\"]|\"\")*+\"?|\\[[^\\]]*+\\]?|`[^`]*+`?)|"
            "\\b(ACTION|ADD|AFTER|ALWAYS|AND|AS|ASC|AUTOINCREMENT|BEFORE|BEGIN|BETWEEN|BY|CASCADE|CASE|CHECK|"
            "COLLATE|CONFLICT|CONSTRAINT|CREATE|CROSS|DEFAULT|DEFERRABLE|DEFERRED|DELETE|DESC|DISTINCT|EACH|"
            "ELSE|END|EXCEPT|EXISTS|FOR|FOREIGN|FROM|GENERATED|GLOB|GROUP|HAVING|IF|IMMEDIATE|IN|INDEX|"
            "INITIALLY|INNER|INSERT|INSTEAD|INTERSECT|INTO|IS|JOIN|KEY|LEFT|LIKE|LIMIT|MATCH|NATURAL|NEW|NO|"
            "NOT|NULL|OF|OFFSET|OLD|ON|OR|ORDER|OUTER|OVER|PARTITION|PRIMARY|RAISE|RECURSIVE|REFERENCES|"
            "REPLACE|RESTRICT|ROW|ROWID|SELECT|SET|STORED|STRICT|TABLE|TEMP|TEMPORARY|THEN|TRIGGER|UNION|"
            "UNIQUE|UPDATE|USING|VALUES|VIEW|VIRTUAL|WHEN|WHERE|WITH|WITHOUT)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    setCurrentBlockState(Plain);
    if (text.size() > LongestLine)
        return;
    qsizetype at = 0;
    const auto comment = [&](qsizetype from) {
        const qsizetype end = text.indexOf(QStringLiteral("*/"), from);
        const qsizetype after = end < 0 ? text.size() : end + 2;
        if (end < 0)
            setCurrentBlockState(InComment);
        return after;
    };
    if (previousBlockState() == InComment) {
        at = comment(0);
        setFormat(0, static_cast<int>(at), m_comment);
    }
    while (at < text.size()) {
        const QRegularExpressionMatch match = Token.match(text, at);
        if (!match.hasMatch())
            return;
        qsizetype end = match.capturedEnd();
        if (match.hasCaptured(2))
            end = comment(match.capturedEnd());
        const bool isComment = match.hasCaptured(1) || match.hasCaptured(2);
        const auto format = [&](const QTextCharFormat &as) {
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(end - match.capturedStart()), as);
        };
        if (isComment)
            format(m_comment);
        else if (match.hasCaptured(3))
            format(m_literal);
        else if (match.hasCaptured(5))
            format(m_keyword);
        at = end;
    }
}

}
