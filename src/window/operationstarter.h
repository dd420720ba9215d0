// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobmodel.h"
#include "window/operationactions.h"
#include "window/scansession.h"

namespace lk {
class Settings;
}

namespace lk::window {

/// Brings a wish to its jobs: what only reads starts at once, everything else goes over the review page. Files that
/// were changed are looked at again.
class OperationStarter final : public QObject
{
    Q_OBJECT

public:
    OperationStarter(ScanSession &session, Questions &questions, Settings &settings, models::JobModel &jobs,
                     QWidget *window);

    void start(const OperationRequest &request, std::vector<operations::Target> targets);

private:
    /// Asks before files are changed that lie in protected folders which nobody has unlocked.
    void guard(const OperationRequest &request, std::vector<operations::Target> targets);
    void review(const OperationRequest &request, std::vector<operations::Target> targets);
    void takeResult(const Path &path, const operations::Operation &operation, const operations::Report &report);

    ScanSession &m_session;
    Questions &m_questions;
    Settings &m_settings;
    models::JobModel &m_jobs;
    QWidget *m_window;
};

}
