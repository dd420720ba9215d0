// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/service.h"
#include "window/litestreamwatch.h"

#include <QDialog>

#include <memory>

namespace Ui {
class LitestreamDialog;
}

namespace lk::window {

/// How Litestream's replicas follow their databases: one row for each, its lag over time, what is wrong in words; and
/// Litestream run here or as a service.
class LitestreamDialog final : public QDialog
{
    Q_OBJECT

public:
    /// \a watch and \a questions must outlive this.
    LitestreamDialog(LitestreamWatch &watch, Questions &questions, QWidget *parent = nullptr);
    ~LitestreamDialog() override;

Q_SIGNALS:
    /// The database is to be brought back from its replicas.
    void restoreRequested(const lk::Path &database, const lk::Path &config);
    /// The selected databases are to be replicated.
    void setUpRequested();

private:
    void setUpTables();
    void setUpService();
    void showConfigs();
    void showState();
    void showReplica();
    void showUnit();
    void tellSystemd(Result<void> (*what)(const litestream::UnitFile &, bool));
    Path config() const;

    LitestreamWatch &m_watch;
    Questions &m_questions;
    std::unique_ptr<Ui::LitestreamDialog> m_ui;
    models::LagModel m_lag;
    std::vector<Path> m_configs; ///< as in the box
    std::optional<litestream::UnitFile> m_unit;
    bool m_busy = false; ///< systemd is being told something
};

}
