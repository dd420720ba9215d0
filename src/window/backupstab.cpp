// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/backupstab.h"

#include "catalog/history.h"
#include "operations/backups.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/differences.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

#include <set>

namespace lk::window {

using models::BackupModel;
using operations::BackupInfo;

BackupsTab::BackupsTab(Questions &questions, catalog::Memory &memory, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_memory(memory)
    , m_table(new QTableView)
    , m_text(new QLabel)
    , m_make(addButton("backups.make", tr("Back up now…"), "backup"))
    , m_restore(addButton("backups.restore", tr("Restore…"), "restore"))
    , m_verify(addButton("backups.verify", tr("Verify"), "verify"))
    , m_compare(addButton("backups.compare", tr("Compare with now"), "search"))
    , m_show(addButton("backups.show", tr("Show in folder"), "folder"))
    , m_replicas(addButton("backups.litestream", tr("From Litestream…"), "restore"))
{
    auto *layout = new QVBoxLayout(this);
    auto *buttons = new QGridLayout;
    int place = 0;
    for (QPushButton *button : {m_make, m_restore, m_verify, m_compare, m_show, m_replicas}) {
        buttons->addWidget(button, place / 3, place % 3);
        ++place;
    }
    layout->addLayout(buttons);
    layout->addWidget(m_table, 1);
    // A line for each table that differs: there may be hundreds.
    static constexpr int MostLines = 12;
    auto *text = new QScrollArea;
    text->setFrameShape(QFrame::NoFrame);
    text->setWidgetResizable(true);
    text->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    text->setMaximumHeight(fontMetrics().lineSpacing() * MostLines);
    text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    text->setWidget(m_text);
    m_text->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    layout->addWidget(text);
    m_text->setObjectName(QStringLiteral("backups.text"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_table->setObjectName(QStringLiteral("backups.table"));
    m_table->setAccessibleName(tr("Backups"));
    m_table->setModel(&m_backups);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    const int character = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(BackupModel::MadeColumn, character * 20);
    m_table->setColumnWidth(BackupModel::SizeColumn, character * 10);
    m_table->setColumnWidth(BackupModel::FormatColumn, character * 14);
    m_table->setColumnWidth(BackupModel::StateColumn, character * 16);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &BackupsTab::showCurrent);
    connect(m_make, &QPushButton::clicked, this, [this] {
        const operations::Operation *operation = operations::find("backup");
        Q_EMIT operationRequested({operation, {}, QCoreApplication::translate("Operation", operation->title)});
    });
    connect(m_restore, &QPushButton::clicked, this, [this] {
        act("restore", {{"to", facts().path.native()}, {"replace", true}});
    });
    connect(m_verify, &QPushButton::clicked, this, [this] { act("verify", {}); });
    connect(m_replicas, &QPushButton::clicked, this, [this] { Q_EMIT replicasRequested(facts().path); });
    connect(m_compare, &QPushButton::clicked, this, &BackupsTab::compare);
    connect(m_show, &QPushButton::clicked, this, &BackupsTab::showFolder);
    connect(&memory, &catalog::Memory::kept, this, [this](const Path &path) {
        if (hasFacts() && isVisible() && path == facts().path)
            showFacts(); // there may be one more
    });
    m_make->setEnabled(false);
    m_replicas->setEnabled(false);
    showCurrent();
}

QPushButton *BackupsTab::addButton(const char *name, const QString &text, const char *icon)
{
    auto *button = new QPushButton(theme::icon(icon), text, this);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(false);
    return button;
}

/// Where backups of \a path were put, and its own folder: what of them is there.
static Result<std::vector<BackupModel::Entry>> backupsOf(catalog::Memory &memory, const Path &path,
                                                         const std::stop_token &stop)
{
    std::set<Path> folders{path.parent_path()};
    const auto known = memory.ask<std::vector<catalog::Backup>>(
        [path](catalog::Database &database) { return catalog::backupsOf(database, path); });
    for (const catalog::Backup &backup : known ? *known : std::vector<catalog::Backup>())
        folders.insert(backup.path.parent_path());
    std::vector<BackupInfo> infos;
    for (const Path &folder : folders) {
        Result<std::vector<BackupInfo>> found = operations::backupsIn(folder, path, stop);
        if (!found && found.error().code == ErrorCode::Cancelled)
            return std::unexpected(found.error());
        if (found) // a disk that is not there now has none now
            infos.insert(infos.end(), found->begin(), found->end());
    }
    std::ranges::sort(infos, operations::isNewer);
    std::vector<BackupModel::Entry> entries;
    for (BackupInfo &info : infos) {
        const bool there = operations::isThere(info);
        entries.push_back({std::move(info), there});
    }
    return entries;
}

void BackupsTab::showFacts()
{
    m_make->setEnabled(true);
    m_replicas->setEnabled(true);
    ask<Result<Entries>>([memory = &m_memory, path = facts().path](
                             const std::stop_token &stop, Progress &) { return backupsOf(*memory, path, stop); },
                         [this](const Result<Entries> &entries) { take(entries); });
}

void BackupsTab::clear()
{
    m_comparing = 0;
    m_backups.setBackups({});
    m_make->setEnabled(false);
    m_replicas->setEnabled(false);
    m_text->clear();
    showCurrent();
}

void BackupsTab::take(const Result<Entries> &entries)
{
    m_backups.setBackups(entries ? *entries : Entries());
    m_text->clear();
    if (!entries)
        m_text->setText(words::describe(entries.error()));
    else if (entries->empty())
        m_text->setText(tr("No backup of it is known."));
    else
        m_table->selectRow(0);
    showCurrent();
}

void BackupsTab::showCurrent()
{
    const bool any = m_table->currentIndex().isValid();
    for (QPushButton *button : {m_restore, m_verify, m_compare, m_show})
        button->setEnabled(any);
    if (any)
        m_text->clear();
    if (const jobs::JobId id = std::exchange(m_comparing, 0))
        stop(id);
}

const BackupInfo &BackupsTab::current() const
{
    return m_backups.backup(m_table->currentIndex().row()).info;
}

void BackupsTab::act(const char *id, operations::Arguments arguments)
{
    const operations::Operation *operation = operations::find(id);
    Q_EMIT backupOperationRequested(
        {operation, std::move(arguments), QCoreApplication::translate("Operation", operation->title)},
        current().backup);
}

void BackupsTab::compare()
{
    using Answer = Result<operations::Difference>;
    m_text->setText(tr("Comparing…"));
    m_comparing = ask<Answer>(
        [backup = current(), path = facts().path](const std::stop_token &stop, Progress &progress) {
            operations::JobContext context{.stop = stop, .progress = progress};
            return operations::differenceToNow(backup, path, context);
        },
        [this](const Answer &difference) {
            m_comparing = 0;
            m_text->setText(difference ? words::describe(*difference).join(QLatin1Char('\n'))
                                       : words::describe(difference.error()));
        });
}

void BackupsTab::showFolder() const
{
    const std::string folder = current().backup.parent_path().native();
    const QByteArray encoded = QByteArray::fromStdString(folder).toPercentEncoding("/");
    QDesktopServices::openUrl(QUrl::fromEncoded("file://" + encoded));
}

}
