// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "window/scansession.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QItemSelection;
class QLineEdit;
class QMenu;

namespace Ui {
class DatabasePanel;
}

namespace lk {
class Settings;
}

namespace lk::window {

/// The table of databases, what is said in its place when it is empty, and how much the filter hides.
class DatabasePanel final : public QWidget
{
    Q_OBJECT

public:
    DatabasePanel(ScanSession &session, Settings &settings, QWidget *parent = nullptr);
    ~DatabasePanel() override;

    /// For the tool bar: filters once typing has paused.
    QLineEdit *filterEdit() const { return m_filterEdit; }
    int selectedCount() const;
    std::uint64_t selectedBytes() const;
    /// Whether some of what is selected is on another machine.
    bool isElsewhereSelected() const;
    std::vector<operations::Target> selectedTargets() const;
    /// The row whose facts the inspector shows; null while none or several are selected.
    const models::DatabaseRow *selectedOne() const;
    /// Selects it alone, and clears a filter that hides it. Does nothing if it isn't there.
    void select(const Path &path);
    void selectAll();
    void copyPaths() const;
    /// One switch for each column.
    void fillColumnMenu(QMenu *menu);
    /// A sentence above the table, until it is closed; an empty one closes it.
    void showNotice(const QString &text);
    /// Another sentence below those that are there.
    void addNotice(const QString &text);
    void saveColumns();

Q_SIGNALS:
    void selectionChanged();
    void contextMenuRequested(const QPoint &globalPosition);

private:
    void setUpTable();
    void setUpColumns();
    void setUpFilter();
    void keepSelection();
    void bringBackSelection();
    QItemSelection selectionOf(const std::vector<int> &rows) const;
    std::vector<int> selectedNumbers() const;
    void showState();
    void showHosts();
    QString emptyText() const;

    ScanSession &m_session;
    Settings &m_settings;
    std::unique_ptr<Ui::DatabasePanel> m_ui;
    QLineEdit *m_filterEdit;
    QTimer m_typing;
    std::vector<int> m_kept; ///< numbers selected before a reset
    int m_keptCurrent = -1;
    bool m_resetting = false;
};

}
