// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/scans.h"
#include "jobs/scanrunner.h"
#include "models/databasefilter.h"
#include "window/questions.h"

#include <QDateTime>
#include <QTimer>

#include <deque>

namespace lk::window {

/// What was found, by which scan, and how it is kept up to date.
class ScanSession final : public QObject
{
    Q_OBJECT

public:
    /// \a questions and \a memory must outlive this.
    ScanSession(Questions &questions, catalog::Memory &memory, QObject *parent = nullptr);

    models::DatabaseModel &databases() { return m_databases; }
    models::DatabaseFilter &filter() { return m_filter; }
    jobs::ScanRunner &runner() { return m_runner; }

    /// Brings back what the last scan found, if one is remembered: restored(). Does nothing once something else is
    /// shown.
    void restore();
    void setExcludes(std::vector<std::string> globs) { m_excludes = std::move(globs); }
    /// Forgets what was found before.
    void scan(std::vector<Path> roots);
    /// What the last scan() had for roots; does nothing if there was none.
    void scanAgain();
    /// Adds what lies below \a roots, which the last scan did not enter.
    void scanToo(std::vector<Path> roots);
    /// Adds what is found on another machine; from then on its \a address is one of the roots.
    void scanElsewhere(const Path &address);
    void stop();
    bool isScanning() const { return m_runner.isRunning() || !m_waiting.empty(); }

    /// Looks at single files and adds them: opened() or notOpened() for each.
    void open(const std::vector<Path> &files);
    /// Looks again at a file that was acted on.
    void renew(const Path &file);

    const std::vector<Path> &roots() const { return m_roots; }
    /// Of the last scan that finished, and of those that added to it; null before there was one.
    const scan::Summary *summary() const { return m_summary ? &*m_summary : nullptr; }
    const QDateTime &finishedAt() const { return m_finishedAt; }

Q_SIGNALS:
    void started();
    void progressed(const lk::scan::Counts &counts, const lk::Path &folder);
    /// Found or not: summary() is there, or failed() came.
    void finished();
    void failed(const lk::Error &error);
    /// Of other machines, before finished().
    void elsewhereEnded(const std::vector<lk::fleet::ScanEnd> &ends);
    /// What there is now was found at \a when.
    void restored(const QDateTime &when);
    void opened(const lk::Path &path);
    void notOpened(const lk::Error &error);
    void renewed(const lk::inspect::DatabaseFacts &facts);

private:
    void start(std::vector<Path> roots);
    void take(const std::vector<inspect::DatabaseFacts> &batch);
    void addSome();
    void finish(const scan::Summary &summary);
    void askRemembered(const Path &after);
    void takeRemembered(const std::vector<inspect::DatabaseFacts> &found);
    void showVerdicts();
    void takeOpened(Result<inspect::DatabaseFacts> facts);

    Questions &m_questions;
    catalog::Memory &m_memory;
    catalog::ScanKeeper m_keeper;
    models::DatabaseModel m_databases;
    models::DatabaseFilter m_filter;
    std::vector<std::string> m_excludes;
    std::vector<Path> m_roots;
    std::vector<Path> m_added; ///< roots of a scanToo() under way
    std::optional<scan::Summary> m_summary;
    QDateTime m_finishedAt;
    std::deque<inspect::DatabaseFacts> m_waiting; ///< for the next turns of the event loop
    std::optional<scan::Summary> m_finishing;     ///< of a scan some of whose finds still wait
    QTimer m_nextTurn;
    std::optional<catalog::Scan> m_remembered; ///< while it is being brought back
    jobs::ScanRunner m_runner;                 // last: joined before anything above goes
};

}
