// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"
#include "catalog/memory.h"
#include "models/findingmodel.h"
#include "operations/operation.h"
#include "window/operationactions.h"
#include "window/questions.h"

#include <QDialog>
#include <QTimer>

#include <set>

namespace Ui {
class AdviceDialog;
}

namespace lk::window {

/// Advice for many databases: one line for each finding, "37 databases: …", with its files and the fix for all of them.
/// They are looked at on other threads, a bounded number at a time; closing it ends that.
class AdviceDialog final : public QDialog
{
    Q_OBJECT

public:
    AdviceDialog(std::vector<operations::Target> targets, Questions &questions, catalog::Memory &memory,
                 std::vector<Mute> mutes, QWidget *parent = nullptr);
    ~AdviceDialog() override;

Q_SIGNALS:
    void operationRequested(const lk::window::OperationRequest &request,
                            const std::vector<lk::operations::Target> &targets);
    void showRequested(const lk::Path &path);

protected:
    void done(int result) override;

private:
    struct Shared;

    void askMore();
    void take(const Path &path, std::vector<advice::Finding> findings);
    void showGroups();
    void showCurrent();
    void fix();
    const advice::Finding *finding(const advice::Rule *rule, const Path &file) const;

    std::unique_ptr<Ui::AdviceDialog> m_ui;
    Questions &m_questions;
    catalog::Memory &m_memory;
    std::vector<operations::Target> m_targets;
    std::vector<Mute> m_mutes;
    std::shared_ptr<Shared> m_shared;
    std::vector<advice::FileFindings> m_found;
    models::FindingGroupModel m_groups;
    std::set<jobs::JobId> m_asked;
    std::size_t m_next = 0;   ///< the first target that was not asked about
    std::size_t m_unread = 0; ///< that could not be looked at
    std::size_t m_answers = 0;
    QTimer m_refresh; ///< lines are made anew now and then, not for each answer
};

}
