// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

class QPlainTextEdit;

namespace lk::window {

/// Keywords bold; texts, numbers and comments in colours that fit the palette, light or dark.
class SqlHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit SqlHighlighter(QPlainTextEdit *edit);

protected:
    void highlightBlock(const QString &text) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void chooseColours();

    QPlainTextEdit *m_edit;
    QTextCharFormat m_keyword;
    QTextCharFormat m_literal;
    QTextCharFormat m_comment;
};

}
