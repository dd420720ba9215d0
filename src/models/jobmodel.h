// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "jobs/jobrunner.h"

#include <QAbstractItemModel>
#include <QElapsedTimer>
#include <QTimer>

#include <map>
#include <unordered_map>

namespace lk::models {

/// One operation on one or many files: a row of the jobs panel. Numbers only, so that it is cheap to ask.
struct BatchState
{
    int files = 0;
    int done = 0;
    int unchanged = 0;
    int skipped = 0;
    int failed = 0;
    int cancelled = 0;
    int damaged = 0;
    double fraction = -1; ///< 0 … 1 of the whole batch; negative while no job knows
    double perSecond = 0; ///< bytes
    double secondsLeft = -1;
    bool stopping = false;

    int finished() const { return done + unchanged + skipped + failed + cancelled; }
    bool isRunning() const { return finished() < files; }
};

/// What was asked for and what came of it: batches, newest first, with one row for each file below.
/// Columns: what, progress (a fraction), what came of it.
class JobModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        TitleColumn,
        ProgressColumn,
        ResultColumn,
        ColumnNumbers,
    };
    enum Role
    {
        FractionRole = Qt::UserRole + 1, ///< double, 0 … 1; negative: running, not known; invalid: not running
        IconNameRole,                    ///< QString, a name of resources/icons
    };
    using BatchId = std::uint64_t;

    /// What is done is kept in \a memory. Both must outlive this.
    JobModel(jobs::JobRunner &runner, catalog::Memory &memory, QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Starts \a operation on each of \a targets. \a title: "Check 12 databases".
    BatchId start(const QString &title, const operations::Operation &operation, const operations::Arguments &arguments,
                  const std::vector<operations::Target> &targets);
    /// Takes back what \a entry did; 0 if there is no undo for it.
    BatchId undo(const QString &title, const catalog::Entry &entry);
    /// The batch that \a index lies in, or its file; running jobs end as soon as they heed it.
    void stop(const QModelIndex &index);
    void stopAll();
    void removeFinished();

    int running() const;                              ///< batches
    BatchState state(const QModelIndex &index) const; ///< of the batch that \a index lies in
    QModelIndex batchIndex(BatchId id) const;
    /// What a file's row is about; null for a batch.
    const Path *path(const QModelIndex &index) const;
    /// Null for a batch, and while it runs.
    const operations::Report *report(const QModelIndex &index) const;
    const operations::Operation *operation(const QModelIndex &index) const;

Q_SIGNALS:
    void fileFinished(const lk::Path &path, const lk::operations::Operation &operation,
                      const lk::operations::Report &report);
    void batchFinished(lk::models::JobModel::BatchId id, double seconds);

private:
    struct File
    {
        Path path;
        std::uint64_t size = 0; ///< in bytes; what its progress weighs in the batch's
        jobs::JobId job = 0;
        ProgressReport progress;
        bool started = false;
        std::optional<operations::Report> report;
    };
    struct Batch
    {
        BatchId id = 0;
        QString title;
        const operations::Operation *operation = nullptr;
        std::vector<File> files;
        BatchState state;
        std::vector<std::size_t> running; ///< into files
        QElapsedTimer time;
        double weightDone = 0; ///< of finished files
        double weight = 0;
        std::uint64_t bytesDone = 0;
    };
    struct Place
    {
        BatchId batch = 0;
        std::size_t file = 0;
    };

    using MakeWork = std::function<decltype(jobs::Job::work)(const operations::Target &)>;
    BatchId start(const QString &title, const operations::Operation &operation,
                  const std::vector<operations::Target> &targets, const MakeWork &makeWork);
    void onStarted(jobs::JobId id);
    void onProgressed(jobs::JobId id, const ProgressReport &report);
    void onFinished(jobs::JobId id, const operations::Report &report);
    static void count(BatchState &state, const operations::Report &report);
    static void measure(Batch &batch);
    void changed(const Batch &batch, std::size_t file);
    void tick();
    const Batch *batchOf(const QModelIndex &index) const;
    const File *fileOf(const QModelIndex &index) const;
    QVariant batchData(const Batch &batch, int column, int role) const;
    QVariant fileData(const Batch &batch, const File &file, int column, int role) const;

    jobs::JobRunner &m_runner;
    catalog::Memory &m_memory;
    std::map<BatchId, Batch, std::greater<>> m_batches; ///< newest first
    std::vector<BatchId> m_order;                       ///< by row
    std::unordered_map<jobs::JobId, Place> m_places;
    BatchId m_lastBatch = 0;
    QTimer m_clock; ///< rates and times left grow old while a job says nothing
};

}
