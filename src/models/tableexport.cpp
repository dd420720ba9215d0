// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tableexport.h"

#include "base/text.h"

#include <QAbstractItemModel>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace lk::models {

static QString heading(const QAbstractItemModel &table, int column)
{
    return table.headerData(column, Qt::Horizontal).toString();
}

static QVariant bare(const QAbstractItemModel &table, int row, int column)
{
    return table.index(row, column).data(Qt::EditRole);
}

/// Two columns may have the same heading: the second is told from the first by its number.
static QStringList uniqueHeadings(const QAbstractItemModel &table)
{
    QStringList names;
    for (int column = 0; column < table.columnCount(); ++column) {
        const QString name = heading(table, column);
        names += names.contains(name) ? QStringLiteral("%1 (%2)").arg(name).arg(column + 1) : name;
    }
    return names;
}

static bool isNumber(const QVariant &value)
{
    return value.canConvert<double>() && value.typeId() != QMetaType::QString;
}

QByteArray toCsv(const QAbstractItemModel &table)
{
    std::string csv;
    const auto add = [&](int column, const std::string &cell) {
        csv += (column == 0 ? "" : ",") + cell;
        if (column + 1 == table.columnCount())
            csv += '\n';
    };
    const QStringList names = uniqueHeadings(table);
    for (int column = 0; column < table.columnCount(); ++column)
        add(column, text::csvCell(names[column].toStdString()));
    for (int row = 0; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            const QVariant value = bare(table, row, column);
            const std::string cell = value.toString().toStdString();
            add(column, isNumber(value) ? cell : text::csvCell(cell));
        }
    }
    return QByteArray::fromStdString(csv);
}

QByteArray toJson(const QAbstractItemModel &table)
{
    const QStringList names = uniqueHeadings(table);
    QJsonArray rows;
    for (int row = 0; row < table.rowCount(); ++row) {
        QJsonObject object;
        for (int column = 0; column < table.columnCount(); ++column)
            object.insert(names[column], QJsonValue::fromVariant(bare(table, row, column)));
        rows.append(object);
    }
    return QJsonDocument(rows).toJson();
}

static QString element(const char *name, const QString &text)
{
    const QLatin1String tag(name);
    return QStringLiteral("<%1>%2</%1>").arg(tag, text.toHtmlEscaped());
}

QByteArray toHtml(const QString &title, const QStringList &sentences, const QByteArray &png,
                  const QAbstractItemModel &table)
{
    QString html = QStringLiteral("<!doctype html><html><head><meta charset=\"utf-8\">") + element("title", title) +
                   QStringLiteral("<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}"
                                  "td,th{border:1px solid #999;padding:.3em .6em;text-align:right}"
                                  "td:first-child,th:first-child{text-align:left}img{max-width:100%}</style>"
                                  "</head><body>") +
                   element("h1", title);
    for (const QString &sentence : sentences)
        html += element("p", sentence);
    if (!png.isEmpty())
        html += QStringLiteral("<p><img alt=\"\" src=\"data:image/png;base64,%1\"></p>")
                    .arg(QString::fromLatin1(png.toBase64()));
    html += QStringLiteral("<table><tr>");
    for (int column = 0; column < table.columnCount(); ++column)
        html += element("th", heading(table, column));
    html += QStringLiteral("</tr>\n");
    for (int row = 0; row < table.rowCount(); ++row) {
        html += QStringLiteral("<tr>");
        for (int column = 0; column < table.columnCount(); ++column)
            html += element("td", table.index(row, column).data().toString());
        html += QStringLiteral("</tr>\n");
    }
    return (html + QStringLiteral("</table></body></html>\n")).toUtf8();
}

}
