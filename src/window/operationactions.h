// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QAction>

#include <vector>

class QMenu;
class QToolBar;

namespace lk::window {

/// What the person wishes to be done; the files are the selection's.
struct OperationRequest
{
    const operations::Operation *operation = nullptr;
    operations::Arguments arguments;
    QString verb; ///< "Switch to WAL", "Check"
};

/// Menus and tool buttons, made from the table of operations: a choice becomes a submenu, the flags of what only reads
/// become variants; what has a folder or writes opens the review page, and so ends in "…".
class OperationActions final : public QObject
{
    Q_OBJECT

public:
    explicit OperationActions(QWidget *owner);

    /// All, in groups.
    void addTo(QMenu *menu) const;
    /// Those that are wanted most.
    void addTo(QToolBar *bar) const;
    /// What can be asked for, with so many databases selected; \a elsewhere: some of them on other machines.
    void setSelected(int count, bool elsewhere = false);

Q_SIGNALS:
    void requested(const lk::window::OperationRequest &request);

private:
    void add(const operations::Operation &operation, QWidget *owner);
    QAction *make(QWidget *owner, OperationRequest request, bool dialog);
    void addVariants(const operations::Operation &operation, QWidget *owner, QMenu *menu);

    /// One for each operation; some have a menu.
    std::vector<std::pair<const operations::Operation *, QAction *>> m_top;
    /// What asks for something.
    struct Asking
    {
        QAction *action = nullptr;
        const operations::Operation *operation = nullptr;
        bool forOne = false; ///< database only
        QString toolTip{};
    };
    std::vector<Asking> m_actions;
};

}
