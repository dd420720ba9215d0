// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/findings.h"

#include "base/text.h"
#include "words/fill.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

namespace lk::words {

using advice::Need;
using advice::Severity;

static QString shownValue(const advice::Value &value)
{
    struct Show
    {
        QString operator()(std::int64_t number) const
        {
            return number < 0 ? QString::number(number)
                              : QString::fromStdString(text::count(static_cast<std::uint64_t>(number)));
        }
        QString operator()(advice::Bytes bytes) const { return QString::fromStdString(text::bytes(bytes.count)); }
        QString operator()(const std::string &text) const { return shown(text); }
    };
    return std::visit(Show(), value);
}

FindingText describe(const advice::Finding &finding)
{
    QStringList values;
    for (const advice::Value &value : finding.values)
        values += shownValue(value);
    const advice::Rule &rule = *finding.rule;
    const auto filled = [&](const char *text) { return fill("Rule", text, values); };
    return {.title = filled(rule.title),
            .seen = filled(rule.seen),
            .why = filled(rule.why),
            .gain = filled(rule.gain),
            .risk = filled(rule.risk),
            .fix = filled(rule.fix.text),
            .undo = filled(rule.undo),
            .link = QString::fromLatin1(rule.link)};
}

static const char *sentence(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return QT_TRANSLATE_NOOP("Severity", "information");
    case Severity::Advice:
        return QT_TRANSLATE_NOOP("Severity", "advice");
    case Severity::Warning:
        return QT_TRANSLATE_NOOP("Severity", "warning");
    case Severity::Critical:
        return QT_TRANSLATE_NOOP("Severity", "critical");
    }
    return "";
}

QString describe(Severity severity)
{
    return QCoreApplication::translate("Severity", sentence(severity));
}

QString describe(const advice::Group &group)
{
    const QString files = counted(group.files.size(), "Advice", QT_TRANSLATE_NOOP("Advice", "%1 database"),
                                  QT_TRANSLATE_NOOP("Advice", "%1 databases"));
    return fill("Advice", QT_TRANSLATE_NOOP("Advice", "%1: %2"),
                {files, QCoreApplication::translate("Rule", group.rule->title)});
}

/// What \a count rules would have to know.
static QString wanting(Need need, int count)
{
    const auto sentence = [&](const char *one, const char *many) {
        return counted(static_cast<std::uint64_t>(count), "Advice", one, many);
    };
    switch (need) {
    case Need::Nothing:
        break;
    case Need::Header:
        return sentence(QT_TRANSLATE_NOOP("Advice", "%1 more needs a readable header."),
                        QT_TRANSLATE_NOOP("Advice", "%1 more need a readable header."));
    case Need::Look:
        return sentence(QT_TRANSLATE_NOOP("Advice", "%1 more needs a closer look at it."),
                        QT_TRANSLATE_NOOP("Advice", "%1 more need a closer look at it."));
    case Need::Structure:
        return sentence(QT_TRANSLATE_NOOP("Advice", "%1 more needs to know its tables, columns and indexes."),
                        QT_TRANSLATE_NOOP("Advice", "%1 more need to know its tables, columns and indexes."));
    case Need::Space:
        return sentence(QT_TRANSLATE_NOOP("Advice", "%1 more needs its space to be measured."),
                        QT_TRANSLATE_NOOP("Advice", "%1 more need its space to be measured."));
    case Need::History:
        return sentence(QT_TRANSLATE_NOOP("Advice", "%1 more needs a record of its checks and backups."),
                        QT_TRANSLATE_NOOP("Advice", "%1 more need a record of its checks and backups."));
    }
    return {};
}

QString checked(const advice::Advice &advice)
{
    const QString judged = QString::number(advice.judged.size());
    QStringList sentences;
    sentences += advice.findings.empty()
                     ? fill("Advice", QT_TRANSLATE_NOOP("Advice", "Checked %1 rules, nothing to do."), {judged})
                     : fill("Advice", QT_TRANSLATE_NOOP("Advice", "Checked %1 rules."), {judged});
    std::map<Need, int> missing;
    for (const advice::Rule *rule : advice.notJudged)
        ++missing[rule->need];
    for (const auto &[need, count] : missing)
        sentences += wanting(need, count);
    if (!advice.notAskedOf.empty())
        sentences += counted(advice.notAskedOf.size(), "Advice",
                             QT_TRANSLATE_NOOP("Advice", "%1 more is left to its application."),
                             QT_TRANSLATE_NOOP("Advice", "%1 more are left to its application."));
    return sentences.join(u' ');
}

}
