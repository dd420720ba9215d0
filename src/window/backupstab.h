// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "models/backupmodel.h"
#include "window/inspectortab.h"
#include "window/operationactions.h"

class QLabel;
class QPushButton;
class QTableView;

namespace lk::window {

/// The backups of the selected database: those that lie where Litekeeper has put some, and beside it.
class BackupsTab final : public InspectorTab
{
    Q_OBJECT

public:
    BackupsTab(Questions &questions, catalog::Memory &memory, QWidget *parent = nullptr);

Q_SIGNALS:
    /// On the selected database.
    void operationRequested(const lk::window::OperationRequest &request);
    /// On a backup.
    void backupOperationRequested(const lk::window::OperationRequest &request, const lk::Path &backup);
    /// To see what Litestream has of it.
    void replicasRequested(const lk::Path &database);

protected:
    void showFacts() override;
    void clear() override;

private:
    using Entries = std::vector<models::BackupModel::Entry>;

    QPushButton *addButton(const char *name, const QString &text, const char *icon);
    void take(const Result<Entries> &entries);
    void showCurrent();
    const operations::BackupInfo &current() const;
    void act(const char *operation, operations::Arguments arguments);
    void compare();
    void showFolder() const;

    catalog::Memory &m_memory;
    models::BackupModel m_backups;
    QTableView *m_table;
    QLabel *m_text;
    QPushButton *m_make;
    QPushButton *m_restore;
    QPushButton *m_verify;
    QPushButton *m_compare;
    QPushButton *m_show;
    QPushButton *m_replicas;
    jobs::JobId m_comparing = 0;
};

}
