// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "models/historymodel.h"

#include <QSortFilterProxyModel>
#include <QWidget>

#include <memory>

namespace Ui {
class HistoryView;
}

namespace lk::window {

/// What was done, with a button that takes it back. It follows what is done while it is shown.
class HistoryView final : public QWidget
{
    Q_OBJECT

public:
    explicit HistoryView(catalog::Memory &memory, QWidget *parent = nullptr);
    ~HistoryView() override;

    /// Of one file, or of all (\a path empty).
    void showHistory(const Path &path);
    void clear();
    /// Only rows that have \a text in them.
    void setFilter(const QString &text);

Q_SIGNALS:
    void undoRequested(const lk::catalog::Entry &entry);
    /// Of the entry that was opened.
    void showRequested(const lk::Path &path);

private:
    void ask();
    void take(const Result<std::vector<catalog::Entry>> &entries);
    void showCurrent();
    const catalog::Entry *current() const;

    catalog::Memory &m_memory;
    std::unique_ptr<Ui::HistoryView> m_ui;
    models::HistoryModel m_entries;
    QSortFilterProxyModel m_filter;
    std::optional<Path> m_path; ///< nothing: none is shown
};

}
