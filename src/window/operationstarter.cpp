// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/operationstarter.h"

#include "base/settings.h"
#include "inspect/protection.h"
#include "models/display.h"
#include "window/operationdialog.h"
#include "words/history.h"

#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

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
        guard(request, std::move(targets));
}

/// A slip in a long list must not change what a browser, the system or somebody else works with.
static std::optional<inspect::Protection> lockOf(const operations::Target &target, const std::vector<Path> &unlocked)
{
    const auto protection = target.seen ? inspect::protectionOf(target.path, *target.seen) : std::nullopt;
    const bool isUnlocked =
        std::ranges::any_of(unlocked, [&](const Path &folder) { return inspect::liesIn(target.path, folder); });
    return isUnlocked ? std::nullopt : protection;
}

/// What is restored to another file changes that one.
static operations::Target changedBy(const OperationRequest &request, const operations::Target &target)
{
    const Path to = operations::value(request.arguments, "to");
    if (request.operation->subject == operations::Subject::Database || to.empty())
        return target;
    const Result<platform::FileStatus> seen = platform::status(to);
    return {.path = to, .seen = seen ? std::optional(*seen) : std::nullopt};
}

static QString linesOf(const std::map<Path, inspect::Guard> &folders)
{
    static constexpr std::size_t Most = 8;
    QStringList lines;
    for (const auto &[folder, guard] : folders) {
        if (static_cast<std::size_t>(lines.size()) == Most) {
            lines += OperationStarter::tr("… and %1 more").arg(folders.size() - Most);
            break;
        }
        lines += QStringLiteral("%1 (%2)").arg(models::displayFolder(folder.native()), words::describe(guard));
    }
    return lines.join(QLatin1Char('\n'));
}

void OperationStarter::guard(const OperationRequest &request, std::vector<operations::Target> targets)
{
    const std::vector<Path> unlocked = m_settings.unlockedFolders();
    std::map<Path, inspect::Guard> folders;
    std::vector<operations::Target> others;
    for (const operations::Target &target : targets) {
        const auto lock =
            request.operation->risk >= Risk::ChangesFile ? lockOf(changedBy(request, target), unlocked) : std::nullopt;
        if (lock)
            folders.emplace(lock->folder, lock->guard);
        else
            others.push_back(target);
    }
    if (folders.empty()) {
        review(request, std::move(targets));
        return;
    }
    auto *question =
        new QMessageBox(QMessageBox::Warning, request.verb, tr("Protected folders"), QMessageBox::Cancel, m_window);
    question->setObjectName(QStringLiteral("unlockQuestion"));
    question->setTextFormat(Qt::PlainText);
    question->setText(models::counted(targets.size() - others.size(), tr("1 database lies in a protected folder."),
                                      tr("%1 databases lie in protected folders.")));
    question->setInformativeText(
        tr("They are looked at, and changed only after you unlock their folders, once:\n\n%1").arg(linesOf(folders)));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(QMessageBox::Cancel);
    if (!others.empty())
        connect(question->addButton(tr("Leave them alone"), QMessageBox::RejectRole), &QPushButton::clicked, this,
                [this, request, others] { review(request, others); });
    connect(question->addButton(tr("Unlock"), QMessageBox::DestructiveRole), &QPushButton::clicked, this,
            [this, request, targets, folders] {
                std::vector<Path> paths;
                for (const auto &[folder, guard] : folders)
                    paths.push_back(folder);
                m_settings.unlock(paths);
                review(request, targets);
            });
    question->open();
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

/// The database that a restore made, or replaced; nothing where the file that was acted on is it.
static std::optional<Path> changedIn(const operations::Report &report)
{
    const operations::FieldValue *to = report.field("to");
    const std::string *path = to ? std::get_if<std::string>(to) : nullptr;
    return path ? std::optional<Path>(*path) : std::nullopt;
}

void OperationStarter::takeResult(const Path &path, const operations::Operation &operation,
                                  const operations::Report &report)
{
    const models::Verdict said = verdict(report.field("verdict"));
    if (operation.risk == Risk::Reads && said != models::Verdict::None)
        m_session.databases().setVerdict(path, said);
    if (operation.risk >= Risk::ChangesFile && report.status != operations::Status::Skipped)
        m_session.renew(changedIn(report).value_or(path));
}

}
