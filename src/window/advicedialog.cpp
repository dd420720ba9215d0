// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/advicedialog.h"

#include "ui_advicedialog.h"

#include "advice/mutes.h"
#include "inspect/gather.h"
#include "models/display.h"
#include "window/fixes.h"
#include "window/icondelegate.h"
#include "window/theme.h"

#include <algorithm>
#include <utility>

namespace lk::window {

using models::FindingModel;
using Judged = Result<std::vector<advice::Finding>>;

/// What the looks at all files have in common; the last of them may end after the dialog.
struct AdviceDialog::Shared
{
    platform::RecentOpenFiles openFiles;
    inspect::SearchedFolders searched;
};

/// So many questions at a time that its threads are never idle, and stopping is cheap.
static constexpr std::size_t AskedAtOnce = 64;
static constexpr int RefreshMs = 200;

AdviceDialog::AdviceDialog(std::vector<operations::Target> targets, Questions &questions, catalog::Memory &memory,
                           std::vector<Mute> mutes, QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::AdviceDialog>())
    , m_questions(questions)
    , m_memory(memory)
    , m_targets(std::move(targets))
    , m_mutes(std::move(mutes))
    , m_shared(std::make_shared<Shared>())
{
    m_ui->setupUi(this);
    setWindowTitle(tr("Advice"));
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 100, fontMetrics().lineSpacing() * 34));
    m_ui->progress->setMaximum(static_cast<int>(m_targets.size()));
    m_ui->groups->setModel(&m_groups);
    m_ui->groups->setItemDelegate(new IconDelegate(FindingModel::IconNameRole, m_ui->groups));
    m_ui->groups->header()->resizeSection(FindingModel::SeverityColumn, fontMetrics().averageCharWidth() * 20);
    m_ui->text->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    connect(m_ui->groups->selectionModel(), &QItemSelectionModel::currentChanged, this, &AdviceDialog::showCurrent);
    connect(m_ui->fixButton, &QPushButton::clicked, this, &AdviceDialog::fix);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->showButton, &QPushButton::clicked, this, [this] {
        if (const Path *path = m_groups.file(m_ui->groups->currentIndex())) {
            Q_EMIT showRequested(*path);
            accept();
        }
    });
    m_ui->fixButton->setAutoDefault(false);
    m_ui->showButton->setAutoDefault(false);
    m_ui->closeButton->setDefault(true);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(RefreshMs);
    connect(&m_refresh, &QTimer::timeout, this, &AdviceDialog::showGroups);
    askMore();
    showGroups();
}

AdviceDialog::~AdviceDialog() = default;

void AdviceDialog::done(int result)
{
    for (const jobs::JobId id : std::exchange(m_asked, {}))
        m_questions.stop(id);
    QDialog::done(result);
}

void AdviceDialog::askMore()
{
    for (; m_asked.size() < AskedAtOnce && m_next < m_targets.size(); ++m_next) {
        const Path path = m_targets[m_next].path;
        const auto id = std::make_shared<jobs::JobId>();
        *id = m_questions.ask<Judged>(
            path, this,
            [path, shared = m_shared, &memory = m_memory](const std::stop_token &stop, Progress &) -> Judged {
                const auto openFiles = shared->openFiles.get();
                Result<inspect::DatabaseFacts> facts = inspect::look(
                    path, stop, {.structure = true, .system = openFiles.get(), .searched = &shared->searched});
                if (!facts)
                    return std::unexpected(facts.error());
                facts->history = memory.historyOf(path);
                return advice::advise(*facts);
            },
            [this, id, path](Judged findings) {
                m_asked.erase(*id);
                ++m_answers;
                if (findings)
                    take(path, std::move(*findings));
                else
                    ++m_unread;
                askMore();
                if (!m_refresh.isActive())
                    m_refresh.start();
            });
        m_asked.insert(*id);
    }
}

void AdviceDialog::take(const Path &path, std::vector<advice::Finding> findings)
{
    std::erase_if(findings, [&](const advice::Finding &finding) { return advice::isMuted(m_mutes, finding, path); });
    if (!findings.empty())
        m_found.push_back({.path = path, .findings = std::move(findings)});
}

void AdviceDialog::showGroups()
{
    const QModelIndex before = m_ui->groups->currentIndex();
    const advice::Rule *rule = before.isValid() ? m_groups.group(before)->rule : nullptr;
    m_groups.setGroups(advice::grouped(m_found));
    for (int row = 0; row < m_groups.rowCount(); ++row) {
        if (row == 0 || m_groups.group(m_groups.index(row, 0))->rule == rule)
            m_ui->groups->setCurrentIndex(m_groups.index(row, 0));
    }
    const bool ready = m_answers == m_targets.size();
    const auto databases = [](std::uint64_t count) {
        return models::counted(count, tr("1 database"), tr("%1 databases"));
    };
    QString heading = ready ? tr("Looked at %1.").arg(databases(m_answers))
                            : tr("Looked at %1 of %2…").arg(m_answers).arg(m_targets.size());
    if (ready && m_groups.rowCount() == 0) {
        const auto unmeasured = std::ranges::count(advice::rules(), advice::Need::Space, &advice::Rule::need);
        heading +=
            QLatin1Char(' ') + tr("Checked %1 rules, nothing to do. How large each table is was not measured: the "
                                  "Space tab of a database does that.")
                                   .arg(static_cast<qsizetype>(advice::rules().size()) - unmeasured);
    }
    if (m_unread > 0)
        heading += QLatin1Char(' ') + tr("%1 could not be read.").arg(databases(m_unread));
    m_ui->heading->setText(heading);
    m_ui->progress->setValue(static_cast<int>(m_answers));
    m_ui->progress->setVisible(!ready);
    showCurrent();
}

const advice::Finding *AdviceDialog::finding(const advice::Rule *rule, const Path &file) const
{
    const auto of = std::ranges::find(m_found, file, &advice::FileFindings::path);
    if (of == m_found.end())
        return nullptr;
    const auto found = std::ranges::find(of->findings, rule, &advice::Finding::rule);
    return found == of->findings.end() ? nullptr : &*found;
}

/// Of a file what was seen there, of a line for many what holds of them all.
void AdviceDialog::showCurrent()
{
    const QModelIndex index = m_ui->groups->currentIndex();
    const advice::Group *group = m_groups.group(index);
    const Path *file = m_groups.file(index);
    m_ui->showButton->setEnabled(file);
    m_ui->fixButton->setVisible(group && requestFor(group->rule->fix));
    m_ui->text->clear();
    if (!group)
        return;
    if (const advice::Finding *first = finding(group->rule, file ? *file : group->files.front())) {
        const words::FindingText text = words::describe(*first);
        const QStringList sentences{file ? text.seen : text.why, text.fix};
        m_ui->text->setText(sentences.join(QLatin1Char('\n')));
    }
    m_ui->fixButton->setText(tr("%1 (%2)").arg(fixButtonText(group->rule->fix)).arg(group->files.size()));
}

void AdviceDialog::fix()
{
    const advice::Group *group = m_groups.group(m_ui->groups->currentIndex());
    const std::optional<OperationRequest> request = group ? requestFor(group->rule->fix) : std::nullopt;
    if (!request)
        return;
    const std::set<Path> files(group->files.begin(), group->files.end());
    std::vector<operations::Target> targets;
    for (const operations::Target &target : m_targets) {
        if (files.contains(target.path))
            targets.push_back(target);
    }
    Q_EMIT operationRequested(*request, targets);
}

}
