// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/litestreamrestoredialog.h"

#include "ui_litestreamrestoredialog.h"

#include "base/text.h"
#include "models/display.h"
#include "operations/replicas.h"
#include "window/filepicker.h"
#include "window/theme.h"
#include "words/describe.h"

#include <QCoreApplication>

namespace lk::window {

using litestream::Moment;
using litestream::Point;

/// What was found, and what could not be read.
struct Found
{
    Result<std::vector<Point>> points;
    QStringList unread;
};

LitestreamRestoreDialog::LitestreamRestoreDialog(Questions &questions, const Path &database, const Path &config,
                                                 QWidget *parent)
    : QDialog(parent)
    , m_questions(questions)
    , m_database(database)
    , m_config(config)
    , m_ui(std::make_unique<Ui::LitestreamRestoreDialog>())
{
    m_ui->setupUi(this);
    m_ui->pathLabel->setText(models::displayFolder(database.native()));
    m_ui->configButton->setIcon(theme::icon("file"));
    m_ui->table->setModel(&m_points);
    m_ui->table->verticalHeader()->hide();
    m_ui->table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_ui->table->horizontalHeader()->setStretchLastSection(true);
    m_ui->table->horizontalHeader()->setHighlightSections(false);
    m_ui->table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_ui->table->setColumnWidth(models::PointModel::MomentColumn, fontMetrics().averageCharWidth() * 28);
    m_ui->table->setColumnWidth(models::PointModel::ReplicaColumn, fontMetrics().averageCharWidth() * 18);
    connect(m_ui->table->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &LitestreamRestoreDialog::showCurrent);
    connect(m_ui->moment, &QDateTimeEdit::dateTimeChanged, this, &LitestreamRestoreDialog::goTo);
    connect(m_ui->configButton, &QPushButton::clicked, this, [this] {
        pickFiles(this, tr("Litestream's configuration"), [this](const std::vector<Path> &files) {
            m_config = files.front();
            look();
        });
    });
    connect(m_ui->testButton, &QPushButton::clicked, this, [this] { request("litestream-test"); });
    connect(m_ui->restoreButton, &QPushButton::clicked, this, [this] { request("litestream-restore"); });
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::reject);
    look();
}

LitestreamRestoreDialog::~LitestreamRestoreDialog()
{
    m_questions.stop(m_looking);
}

static Found lookFor(const Path &database, const Path &config, const std::stop_token &stop)
{
    const auto contents = operations::replicasOf(database, config, stop);
    if (!contents)
        return {.points = std::unexpected(contents.error()), .unread = {}};
    Found found{.points = litestream::pointsOf(*contents), .unread = {}};
    for (const litestream::ReplicaContent &content : *contents) {
        if (!content.error.empty())
            found.unread += words::describe(Error{.code = ErrorCode::Io,
                                                  .reason = Reason::ReplicaFailed,
                                                  .path = database,
                                                  .arguments = {content.replica, content.error},
                                                  .detail = {}});
    }
    return found;
}

void LitestreamRestoreDialog::look()
{
    m_questions.stop(std::exchange(m_looking, 0));
    m_ui->configLabel->setText(models::displayFolder(m_config.native()));
    m_points.setPoints({});
    m_ui->text->setText(tr("Asking the replicas…"));
    showCurrent();
    m_looking = m_questions.ask<Found>(
        m_database, this,
        [database = m_database, config = m_config](const std::stop_token &stop, Progress &) {
            return lookFor(database, config, stop);
        },
        [this](const Found &found) {
            m_looking = 0;
            showPoints(found.points, found.unread);
        });
}

void LitestreamRestoreDialog::showPoints(const Result<std::vector<Point>> &points, const QStringList &unread)
{
    QStringList lines = unread;
    if (!points)
        lines += words::describe(points.error());
    else if (points->empty() && unread.isEmpty())
        lines += tr("There is no copy in any replica yet.");
    m_points.setPoints(points ? *points : std::vector<Point>());
    m_ui->text->setText(lines.join(QLatin1Char('\n')));
    if (m_points.rowCount() > 0)
        m_ui->table->selectRow(0);
    showCurrent();
}

void LitestreamRestoreDialog::showCurrent()
{
    const QModelIndex current = m_ui->table->currentIndex();
    for (QWidget *widget : {static_cast<QWidget *>(m_ui->restoreButton), static_cast<QWidget *>(m_ui->testButton),
                            static_cast<QWidget *>(m_ui->moment)})
        widget->setEnabled(current.isValid());
    if (!current.isValid() || m_ui->moment->hasFocus()) // it leads then
        return;
    const QSignalBlocker blocker(m_ui->moment);
    m_ui->moment->setDateTime(
        QDateTime::fromSecsSinceEpoch(m_points.point(current.row()).moment.time_since_epoch().count()));
}

void LitestreamRestoreDialog::goTo(const QDateTime &moment)
{
    const int row = m_points.rowAt(Moment(std::chrono::seconds(moment.toSecsSinceEpoch())));
    m_ui->text->setText(row < 0 ? tr("No replica has a copy from then or before.") : QString());
    m_ui->restoreButton->setEnabled(row >= 0);
    if (row >= 0)
        m_ui->table->selectRow(row);
}

void LitestreamRestoreDialog::request(const char *id)
{
    const Point &point = m_points.point(m_ui->table->currentIndex().row());
    const operations::Operation *operation = operations::find(id);
    operations::Arguments arguments{{"config", m_config.native()}, {"replica", point.replica}};
    if (operation->risk != operations::Risk::Reads) {
        arguments["at"] = text::isoTime(std::chrono::nanoseconds(point.moment.time_since_epoch()).count());
        arguments["replace"] = true;
    }
    const Result<platform::FileStatus> seen = platform::status(m_database);
    Q_EMIT operationRequested(
        {operation, std::move(arguments), QCoreApplication::translate("Operation", operation->title)},
        {{.path = m_database, .seen = seen ? std::optional(*seen) : std::nullopt}});
}

}
