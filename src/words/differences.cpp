// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/differences.h"

#include "words/fill.h"

#include <QtGlobal>

#include <map>

namespace lk::words {

using operations::ObjectDifference;
using operations::TableDifference;

static constexpr const char *Context = "Difference";

static QString rows(std::int64_t count)
{
    return counted(static_cast<std::uint64_t>(count), Context, QT_TRANSLATE_NOOP("Difference", "1 row"),
                   QT_TRANSLATE_NOOP("Difference", "%1 rows"));
}

static QString changes(const operations::RowChanges &changes)
{
    QStringList parts;
    const auto add = [&](std::int64_t count, const char *text) {
        if (count > 0)
            parts += fill(Context, text, {rows(count)});
    };
    add(changes.added, QT_TRANSLATE_NOOP("Difference", "%1 added"));
    add(changes.removed, QT_TRANSLATE_NOOP("Difference", "%1 removed"));
    add(changes.changed, QT_TRANSLATE_NOOP("Difference", "%1 changed"));
    return parts.join(QStringLiteral(", "));
}

static QString counts(const TableDifference &table)
{
    const auto number = [](const std::optional<std::int64_t> &count) {
        return count ? rows(*count) : fill(Context, QT_TRANSLATE_NOOP("Difference", "too many rows to count"), {});
    };
    return fill(Context, QT_TRANSLATE_NOOP("Difference", "%1 then, %2 now, not compared one by one"),
                {number(table.then), number(table.now)});
}

/// Of a table that is on both sides; empty if its rows are the same.
static QString whatBecameOf(const TableDifference &table)
{
    if (table.rows)
        return table.rows->any() ? changes(*table.rows) : QString();
    return counts(table);
}

static QString whatBecameOf(const ObjectDifference &object)
{
    static constexpr const char *Texts[] = {
        QT_TRANSLATE_NOOP("Difference", "new"),
        QT_TRANSLATE_NOOP("Difference", "no longer there"),
        QT_TRANSLATE_NOOP("Difference", "defined in another way"),
    };
    return fill(Context, Texts[object.kind], {});
}

static QString withRows(const QString &text, const std::optional<std::int64_t> &count)
{
    return count ? fill(Context, QT_TRANSLATE_NOOP("Difference", "%1, %2"), {text, rows(*count)}) : text;
}

QStringList describe(const operations::Difference &difference)
{
    QStringList lines;
    const auto add = [&](const QString &name, const QString &text) {
        lines += fill(Context, QT_TRANSLATE_NOOP("Difference", "%1: %2"), {name, text});
    };
    std::map<std::string_view, const TableDifference *> tables;
    for (const TableDifference &table : difference.tables)
        tables[table.table] = &table;
    for (const ObjectDifference &object : difference.objects) {
        const bool isTable = object.type == inspect::ObjectType::Table;
        const auto table = isTable ? tables.find(object.name) : tables.end();
        const QString name =
            isTable ? shown(object.name)
                    : QLatin1String(inspect::objectTypeName(object.type)) + QLatin1Char(' ') + shown(object.name);
        QString text = whatBecameOf(object);
        if (table != tables.end() && object.kind != ObjectDifference::Changed) {
            text = withRows(text, object.kind == ObjectDifference::Added ? table->second->now : table->second->then);
            tables.erase(table);
        }
        add(name, text);
    }
    for (const TableDifference &table : difference.tables) {
        if (!tables.contains(table.table))
            continue;
        if (const QString text = whatBecameOf(table); !text.isEmpty())
            add(shown(table.table), text);
    }
    if (lines.isEmpty())
        lines += fill(Context, QT_TRANSLATE_NOOP("Difference", "The same rows and the same schema as now."), {});
    return lines;
}

}
