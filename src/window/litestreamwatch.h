// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "litestream/supervisor.h"
#include "models/lagmodel.h"
#include "models/litestreammodel.h"
#include "window/questions.h"

#include <QTimer>

#include <map>

namespace lk {
class Settings;
}

namespace lk::window {

/// Follows the replicas of all configurations of Litestream that are known, and runs Litestream for those that the
/// person starts here. Nothing is looked at on this thread, and nothing at all where there is no configuration.
class LitestreamWatch final : public QObject
{
    Q_OBJECT

public:
    /// \a questions, \a memory and \a settings must outlive this.
    LitestreamWatch(Questions &questions, catalog::Memory &memory, Settings &settings, QObject *parent = nullptr);
    ~LitestreamWatch() override;

    /// One line for each replica.
    models::LitestreamModel &model() { return m_model; }
    /// How far that replica was behind in the last half hour.
    std::vector<models::LagModel::Point> lagOf(const models::LitestreamModel::Line &line) const;
    std::vector<Path> configs() const;
    /// Why a configuration can't be followed; empty if it is.
    QString problemOf(const Path &config) const;

    /// Reads what is known again: the usual place, and those that were opened.
    void refresh();
    /// One more, which is remembered.
    void open(const Path &config);

    bool runsHere(const Path &config) const { return m_running.contains(config); }
    void start(const Path &config);
    void stop(const Path &config);

Q_SIGNALS:
    /// There are new values, a configuration more, or one that runs here or does so no more.
    void changed();
    /// Some replicas need somebody that did not at the last look.
    void careNeeded(const QString &text);
    /// Litestream could not be run here.
    void failed(const lk::Path &config, const QString &why);

private:
    struct Followed
    {
        std::shared_ptr<litestream::Watcher> watcher;
        std::shared_ptr<const litestream::Access> access; ///< none: there is no Litestream here
        QString problem{};
        std::vector<litestream::ReplicaStatus> statuses{};
        bool looking = false;
    };
    struct Read;

    void follow(const Path &config);
    void take(const Path &config, Read read);
    void look();
    void lookAt(const Path &config);
    void listAt(const Path &config);
    void takeLook(const Path &config, std::vector<litestream::ReplicaStatus> statuses);
    void tellOfCare(const Path &config, const std::vector<litestream::ReplicaStatus> &statuses);
    void heard(const Path &config, const litestream::SupervisorEvent &event);

    Questions &m_questions;
    catalog::Memory &m_memory;
    Settings &m_settings;
    models::LitestreamModel m_model;
    std::map<Path, Followed> m_followed;
    std::map<std::string, std::vector<models::LagModel::Point>> m_lags; ///< by keyOf()
    std::map<std::string, litestream::State> m_told;                    ///< by keyOf()
    std::map<Path, jobs::JobId> m_running;
    bool m_listing = false;
    QTimer m_timer;
    jobs::JobRunner m_runner; // last: Litestream has ended before anything above goes
};

}
