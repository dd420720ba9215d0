// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jobmodel.h"

#include "catalog/undo.h"
#include "models/display.h"
#include "models/elsewhere.h"
#include "models/jobtext.h"
#include "words/describe.h"

#include <algorithm>

namespace lk::models {

using operations::Report;
using operations::Status;

static constexpr quintptr BatchLevel = 0; // a file's internal id is its batch's

JobModel::JobModel(jobs::JobRunner &runner, catalog::Memory &memory, QObject *parent)
    : QAbstractItemModel(parent)
    , m_runner(runner)
    , m_memory(memory)
{
    connect(&runner, &jobs::JobRunner::started, this, &JobModel::onStarted);
    connect(&runner, &jobs::JobRunner::progressed, this, &JobModel::onProgressed);
    connect(&runner, &jobs::JobRunner::finished, this, &JobModel::onFinished);
    connect(&m_clock, &QTimer::timeout, this, &JobModel::tick);
}

// Structure ----------------------------------------------------------------------------------------------------------

QModelIndex JobModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column,
                       parent.isValid() ? quintptr(m_order[static_cast<std::size_t>(parent.row())]) : BatchLevel);
}

QModelIndex JobModel::parent(const QModelIndex &child) const
{
    return child.isValid() && child.internalId() != BatchLevel ? batchIndex(child.internalId()) : QModelIndex();
}

QModelIndex JobModel::batchIndex(BatchId id) const
{
    const auto at = std::ranges::find(m_order, id);
    return at == m_order.end() ? QModelIndex() : createIndex(static_cast<int>(at - m_order.begin()), 0, BatchLevel);
}

int JobModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_order.size());
    if (parent.internalId() != BatchLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(batchOf(parent)->files.size());
}

int JobModel::columnCount(const QModelIndex &) const
{
    return ColumnNumbers;
}

const JobModel::Batch *JobModel::batchOf(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const bool isBatch = index.internalId() == BatchLevel;
    const auto found = m_batches.find(isBatch ? m_order[static_cast<std::size_t>(index.row())] : index.internalId());
    return found == m_batches.end() ? nullptr : &found->second;
}

const JobModel::File *JobModel::fileOf(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == BatchLevel)
        return nullptr;
    const Batch *batch = batchOf(index);
    return batch ? &batch->files[static_cast<std::size_t>(index.row())] : nullptr;
}

// What views ask -----------------------------------------------------------------------------------------------------

QVariant JobModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Batch &batch = *batchOf(index);
    if (const File *file = fileOf(index))
        return fileData(batch, *file, index.column(), role);
    return batchData(batch, index.column(), role);
}

QVariant JobModel::batchData(const Batch &batch, int column, int role) const
{
    const BatchState &state = batch.state;
    if (role == FractionRole && column == ProgressColumn && state.isRunning())
        return state.fraction;
    if (role == IconNameRole && column == TitleColumn)
        return QString::fromLatin1(jobtext::icon(state));
    const bool single = batch.files.size() == 1 && batch.files.front().report;
    const auto result = [&] {
        const File &file = batch.files.front();
        return single ? words::outcome(*batch.operation, file.path, *file.report) : jobtext::result(state);
    };
    if (role == Qt::ToolTipRole)
        return plainToolTip(column == ResultColumn ? result() : batch.title);
    if (role == Qt::AccessibleTextRole)
        return QStringLiteral("%1: %2").arg(batch.title, result());
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case TitleColumn:
        return batch.title;
    case ResultColumn:
        return result();
    default:
        return {};
    }
}

QVariant JobModel::fileData(const Batch &batch, const File &file, int column, int role) const
{
    const bool running = file.started && !file.report;
    if (role == FractionRole && column == ProgressColumn && running)
        return file.progress.fraction;
    if (role == IconNameRole && column == TitleColumn)
        return QString::fromLatin1(file.report ? jobtext::icon(*file.report) : running ? "running" : "waiting");
    if (role == Qt::ToolTipRole && column == TitleColumn)
        return plainToolTip(words::display(file.path));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    if (column == TitleColumn)
        return words::displayName(file.path);
    if (column != ResultColumn)
        return {};
    const QString text = file.report ? words::outcome(*batch.operation, file.path, *file.report)
                         : running   ? words::describe(file.progress.phase)
                                     : tr("Waiting for its turn");
    return role == Qt::DisplayRole ? text : plainToolTip(text);
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TitleColumn:
        return tr("Job");
    case ProgressColumn:
        return tr("Progress");
    case ResultColumn:
        return tr("Result");
    default:
        return {};
    }
}

int JobModel::running() const
{
    return static_cast<int>(
        std::ranges::count_if(m_batches, [](const auto &one) { return one.second.state.isRunning(); }));
}

BatchState JobModel::state(const QModelIndex &index) const
{
    const Batch *batch = batchOf(index);
    return batch ? batch->state : BatchState();
}

const Path *JobModel::path(const QModelIndex &index) const
{
    const File *file = fileOf(index);
    return file ? &file->path : nullptr;
}

const Report *JobModel::report(const QModelIndex &index) const
{
    const File *file = fileOf(index);
    return file && file->report ? &*file->report : nullptr;
}

const operations::Operation *JobModel::operation(const QModelIndex &index) const
{
    const Batch *batch = batchOf(index);
    return batch ? batch->operation : nullptr;
}

// Starting and stopping ----------------------------------------------------------------------------------------------

JobModel::BatchId JobModel::start(const QString &title, const operations::Operation &operation,
                                  const operations::Arguments &arguments,
                                  const std::vector<operations::Target> &targets)
{
    return start(title, operation, targets, [&](const operations::Target &target) {
        return [&operation, arguments, target, &memory = m_memory](std::stop_token stop, Progress &progress) {
            operations::JobContext context{.stop = std::move(stop), .progress = progress};
            return isElsewhere(target.path) ? doElsewhere(Deed::Run, operation, target, arguments, context)
                                            : memory.act(operation, target, arguments, context);
        };
    });
}

JobModel::BatchId JobModel::undo(const QString &title, const catalog::Entry &entry)
{
    const operations::Operation *operation = catalog::undoOperation(entry);
    if (!operation)
        return 0;
    return start(title, *operation, {{.path = entry.undo->path, .seen = {}}}, [&](const operations::Target &) {
        return [entry, &memory = m_memory](std::stop_token stop, Progress &progress) {
            operations::JobContext context{.stop = std::move(stop), .progress = progress};
            return catalog::undo(memory, entry, context);
        };
    });
}

JobModel::BatchId JobModel::start(const QString &title, const operations::Operation &operation,
                                  const std::vector<operations::Target> &targets, const MakeWork &makeWork)
{
    if (targets.empty())
        return 0;
    Batch batch;
    batch.id = ++m_lastBatch;
    batch.title = title;
    batch.operation = &operation;
    batch.time.start();
    batch.state.files = static_cast<int>(targets.size());
    batch.files.reserve(targets.size());
    for (const operations::Target &target : targets) {
        // A small file costs its opening and closing too.
        const std::uint64_t size = (target.seen ? target.seen->size : 0) + 64 * 1024;
        batch.weight += static_cast<double>(size);
        const jobs::JobId job = m_runner.start(
            {.file = target.path, .writes = operation.risk >= operations::Risk::ChangesFile, .work = makeWork(target)});
        m_places.emplace(job, Place{batch.id, batch.files.size()});
        File &file = batch.files.emplace_back();
        file.path = target.path;
        file.size = size;
        file.job = job;
    }
    beginInsertRows({}, 0, 0);
    m_order.insert(m_order.begin(), batch.id);
    m_batches.emplace(batch.id, std::move(batch));
    endInsertRows();
    m_clock.start(1000);
    return m_lastBatch;
}

void JobModel::stop(const QModelIndex &index)
{
    const Batch *batch = batchOf(index);
    if (!batch || !batch->state.isRunning())
        return;
    if (const File *file = fileOf(index)) {
        if (!file->report)
            m_runner.stop(file->job);
        return;
    }
    m_batches.at(batch->id).state.stopping = true;
    for (const File &file : batch->files) {
        if (!file.report)
            m_runner.stop(file.job);
    }
    changed(*batch, 0);
}

void JobModel::stopAll()
{
    for (const BatchId id : m_order)
        stop(batchIndex(id));
}

void JobModel::removeFinished()
{
    for (std::size_t row = m_order.size(); row-- > 0;) {
        if (m_batches.at(m_order[row]).state.isRunning())
            continue;
        beginRemoveRows({}, static_cast<int>(row), static_cast<int>(row));
        m_batches.erase(m_order[row]);
        m_order.erase(m_order.begin() + static_cast<std::ptrdiff_t>(row));
        endRemoveRows();
    }
}

// What the runner tells ----------------------------------------------------------------------------------------------

void JobModel::onStarted(jobs::JobId id)
{
    const auto place = m_places.find(id);
    if (place == m_places.end())
        return;
    Batch &batch = m_batches.at(place->second.batch);
    batch.files[place->second.file].started = true;
    batch.running.push_back(place->second.file);
    changed(batch, place->second.file);
}

void JobModel::onProgressed(jobs::JobId id, const ProgressReport &report)
{
    const auto place = m_places.find(id);
    if (place == m_places.end())
        return;
    Batch &batch = m_batches.at(place->second.batch);
    File &file = batch.files[place->second.file];
    if (report.done > file.progress.done)
        batch.bytesDone += report.done - file.progress.done;
    file.progress = report;
    measure(batch);
    changed(batch, place->second.file);
}

void JobModel::onFinished(jobs::JobId id, const Report &report)
{
    const auto at = m_places.find(id);
    if (at == m_places.end())
        return;
    const Place place = at->second;
    m_places.erase(at);
    Batch &batch = m_batches.at(place.batch);
    File &file = batch.files[place.file];
    file.report = report;
    std::erase(batch.running, place.file);
    batch.weightDone += static_cast<double>(file.size);
    count(batch.state, report);
    measure(batch);
    changed(batch, place.file);
    const double seconds = static_cast<double>(batch.time.elapsed()) / 1000;
    const bool last = !batch.state.isRunning();
    const Path path = file.path;
    const operations::Operation &operation = *batch.operation;
    Q_EMIT fileFinished(path, operation, report); // whoever hears it may start or remove batches
    if (last)
        Q_EMIT batchFinished(place.batch, seconds);
}

void JobModel::count(BatchState &state, const Report &report)
{
    state.damaged += report.damageFound ? 1 : 0;
    switch (report.status) {
    case Status::Done:
        ++state.done;
        return;
    case Status::Unchanged:
        ++state.unchanged;
        return;
    case Status::Skipped:
        ++state.skipped;
        return;
    case Status::Failed:
        break;
    }
    ++(report.error && report.error->code == ErrorCode::Cancelled ? state.cancelled : state.failed);
}

void JobModel::measure(Batch &batch)
{
    BatchState &state = batch.state;
    double done = batch.weightDone;
    bool known = state.finished() > 0;
    for (const std::size_t running : batch.running) {
        const File &file = batch.files[running];
        if (file.progress.fraction >= 0) {
            done += static_cast<double>(file.size) * file.progress.fraction;
            known = true;
        }
    }
    if (known)
        state.fraction = std::max(state.fraction, done / batch.weight);
    const double seconds = static_cast<double>(batch.time.elapsed()) / 1000;
    if (seconds < 0.3)
        return; // too early to tell
    state.perSecond = static_cast<double>(batch.bytesDone) / seconds;
    if (state.fraction > 0.02)
        state.secondsLeft = seconds * (1 - state.fraction) / state.fraction;
}

void JobModel::tick()
{
    for (auto &[id, batch] : m_batches) {
        if (!batch.state.isRunning())
            continue;
        measure(batch);
        const QModelIndex top = batchIndex(id);
        Q_EMIT dataChanged(top, top.siblingAtColumn(ColumnNumbers - 1));
    }
    if (running() == 0)
        m_clock.stop();
}

void JobModel::changed(const Batch &batch, std::size_t file)
{
    const QModelIndex top = batchIndex(batch.id);
    Q_EMIT dataChanged(top, top.siblingAtColumn(ColumnNumbers - 1));
    const int row = static_cast<int>(file);
    Q_EMIT dataChanged(index(row, 0, top), index(row, ColumnNumbers - 1, top));
}

}
