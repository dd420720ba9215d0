// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/operationstarter.h"

#include "window/operationdialog.h"

namespace lk::window {

using operations::Risk;

OperationStarter::OperationStarter(ScanSession &session, Questions &questions, Settings &settings,
                                   models::JobModel &jobs, QWidget *window)
    : QObject(window)
    , m_session(session)
    , m_questions(questions)
    , m_settings(settings)
    , m_jobs(jobs)
    , m_window(window)
{
    connect(&jobs, &models::JobModel::fileFinished, this, &OperationStarter::takeResult);
}

void OperationStarter::start(const OperationRequest &request, std::vector<operations::Target> targets)
{
    if (targets.empty())
        return;
    if (request.operation->risk == Risk::Reads)
        m_jobs.start(titleFor(request.verb, targets), *request.operation, request.arguments, targets);
    else
        review(request, std::move(targets));
}

void OperationStarter::review(const OperationRequest &request, std::vector<operations::Target> targets)
{
    auto *dialog = new OperationDialog(request, std::move(targets), m_questions, m_settings, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, request] {
        const std::vector<operations::Target> doable = dialog->doable();
        m_jobs.start(titleFor(request.verb, doable), *request.operation, dialog->arguments(), doable);
    });
    dialog->open();
}

static models::Verdict verdict(const operations::FieldValue *value)
{
    const std::string *text = value ? std::get_if<std::string>(value) : nullptr;
    if (!text)
        return models::Verdict::None;
    return *text == "ok"        ? models::Verdict::Ok
           : *text == "damaged" ? models::Verdict::Damaged
                                : models::Verdict::Unchecked;
}

void OperationStarter::takeResult(const Path &path, const operations::Operation &operation,
                                  const operations::Report &report)
{
    const models::Verdict said = verdict(report.field("verdict"));
    if (operation.risk == Risk::Reads && said != models::Verdict::None)
        m_session.databases().setVerdict(path, said);
    if (operation.risk >= Risk::ChangesFile && report.status != operations::Status::Skipped)
        m_session.renew(path);
}

}
