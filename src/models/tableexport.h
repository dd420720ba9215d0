// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

class QAbstractItemModel;

/// A table for other programs. Texts may come from files: they are escaped as each format needs it.
namespace lk::models {

/// With a line of headings; the bare numbers (Qt::EditRole). Cells that a spreadsheet would compute are defused.
QByteArray toCsv(const QAbstractItemModel &table);

/// A list of objects, by the headings.
QByteArray toJson(const QAbstractItemModel &table);

/// A page that needs nothing else: \a title, \a sentences, the picture \a png (may be empty), and the table as it is
/// shown.
QByteArray toHtml(const QString &title, const QStringList &sentences, const QByteArray &png,
                  const QAbstractItemModel &table);

}
