// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/patch.h"

#include <QStringList>

#include <algorithm>

namespace lk::advice {

namespace {

/// Lines around a change that show where it belongs.
constexpr qsizetype ContextLines = 3;

/// Each with its end.
QStringList linesOf(QStringView text)
{
    QStringList lines;
    for (qsizetype start = 0; start < text.size();) {
        const qsizetype end = text.indexOf(u'\n', start);
        const qsizetype behind = end < 0 ? text.size() : end + 1;
        lines += text.sliced(start, behind - start).toString();
        start = behind;
    }
    return lines;
}

/// Lines that become others.
struct Change
{
    qsizetype line = 0; ///< the first, from 0
    QStringList before;
    QStringList after;

    qsizetype end() const { return line + before.size(); }
};

/// What does not change is not part of it.
void trim(Change &change)
{
    while (!change.before.isEmpty() && !change.after.isEmpty() && change.before.first() == change.after.first()) {
        change.before.removeFirst();
        change.after.removeFirst();
        ++change.line;
    }
    while (!change.before.isEmpty() && !change.after.isEmpty() && change.before.last() == change.after.last()) {
        change.before.removeLast();
        change.after.removeLast();
    }
}

qsizetype lineStart(const QString &text, qsizetype offset)
{
    return offset == 0 ? 0 : text.lastIndexOf(u'\n', offset - 1) + 1;
}

qsizetype lineBehind(const QString &text, qsizetype offset)
{
    const qsizetype end = text.indexOf(u'\n', offset);
    return end < 0 ? text.size() : end + 1;
}

/// Sorted, without those that overlap an earlier one.
std::vector<Edit> inOrder(std::vector<Edit> edits)
{
    std::ranges::stable_sort(edits, {}, [](const Edit &edit) { return edit.span.start; });
    std::vector<Edit> kept;
    for (Edit &edit : edits) {
        if (kept.empty() || edit.span.start >= kept.back().span.end())
            kept.push_back(std::move(edit));
    }
    return kept;
}

std::vector<Change> changesOf(const QString &text, const std::vector<Edit> &edits)
{
    std::vector<Change> changes;
    for (std::size_t first = 0; first < edits.size();) {
        const qsizetype start = lineStart(text, edits[first].span.start);
        qsizetype behind = lineBehind(text, edits[first].span.end());
        std::size_t last = first + 1;
        for (; last < edits.size() && edits[last].span.start < behind; ++last)
            behind = std::max(behind, lineBehind(text, edits[last].span.end()));
        QString after;
        qsizetype at = start;
        for (; first < last; ++first) {
            after += QStringView(text).sliced(at, edits[first].span.start - at);
            after += edits[first].text;
            at = edits[first].span.end();
        }
        after += QStringView(text).sliced(at, behind - at);
        Change change{.line = QStringView(text).first(start).count(u'\n'),
                      .before = linesOf(QStringView(text).sliced(start, behind - start)),
                      .after = linesOf(after)};
        trim(change);
        if (!change.before.isEmpty() || !change.after.isEmpty())
            changes.push_back(std::move(change));
    }
    return changes;
}

QString marked(QChar mark, const QStringList &lines)
{
    QString text;
    for (const QString &line : lines)
        text += mark + line + (line.endsWith(u'\n') ? QString() : QStringLiteral("\n\\ No newline at end of file\n"));
    return text;
}

/// "12,7"; a stretch without lines is named by the line before it.
QString range(qsizetype line, qsizetype count)
{
    return QString::number(count == 0 ? line : line + 1) + u',' + QString::number(count);
}

/// \a changes are near each other; \a grown: by how many lines those before made the text longer.
QString hunk(const QStringList &lines, std::span<const Change> changes, qsizetype &grown)
{
    const qsizetype start = std::max<qsizetype>(0, changes.front().line - ContextLines);
    const qsizetype end = std::min(lines.size(), changes.back().end() + ContextLines);
    QString body;
    qsizetype at = start;
    qsizetype growth = 0;
    for (const Change &change : changes) {
        body +=
            marked(u' ', lines.sliced(at, change.line - at)) + marked(u'-', change.before) + marked(u'+', change.after);
        at = change.end();
        growth += change.after.size() - change.before.size();
    }
    body += marked(u' ', lines.sliced(at, end - at));
    const QString head = QStringLiteral("@@ -") + range(start, end - start) + QStringLiteral(" +") +
                         range(start + grown, end - start + growth) + QStringLiteral(" @@\n");
    grown += growth;
    return head + body;
}

}

QString unifiedDiff(const std::string &name, const QString &text, std::vector<Edit> edits)
{
    const std::vector<Change> changes = changesOf(text, inOrder(std::move(edits)));
    const QStringList lines = linesOf(text);
    QString diff;
    qsizetype grown = 0;
    for (std::size_t first = 0; first < changes.size();) {
        std::size_t last = first + 1;
        while (last < changes.size() && changes[last].line - changes[last - 1].end() <= 2 * ContextLines)
            ++last;
        diff += hunk(lines, std::span(changes).subspan(first, last - first), grown);
        first = last;
    }
    const QString shown = QString::fromStdString(name);
    return diff.isEmpty() ? diff : QStringLiteral("--- a/") + shown + QStringLiteral("\n+++ b/") + shown + u'\n' + diff;
}

}
