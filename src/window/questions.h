// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "jobs/jobrunner.h"

#include <QPointer>

#include <optional>
#include <unordered_map>

namespace lk::window {

/// Asks about files on threads of its own, so that the window never waits for a disk, and brings the answers back.
class Questions final : public QObject
{
    Q_OBJECT

public:
    explicit Questions(QObject *parent = nullptr);

    /// \a ask runs on another thread, \a take then on this one, unless \a context is gone or the question was stopped
    /// by then.
    template <class Answer>
    jobs::JobId ask(const Path &file, QObject *context, std::function<Answer(const std::stop_token &, Progress &)> ask,
                    std::function<void(Answer)> take)
    {
        const auto answer = std::make_shared<std::optional<Answer>>();
        return start({.file = file,
                      .writes = false,
                      .work =
                          [answer, ask = std::move(ask)](const std::stop_token &stop, Progress &progress) {
                              answer->emplace(ask(stop, progress));
                              return operations::Report{};
                          }},
                     context, [answer, take = std::move(take)] {
                         if (answer->has_value())
                             take(std::move(**answer));
                     });
    }

    void stop(jobs::JobId id);

Q_SIGNALS:
    /// How far an answer is.
    void progressed(lk::jobs::JobId id, const lk::ProgressReport &report);

private:
    struct Waiting
    {
        QPointer<QObject> context;
        std::function<void()> take;
    };
    jobs::JobId start(jobs::Job job, QObject *context, std::function<void()> take);

    std::unordered_map<jobs::JobId, Waiting> m_waiting;
    jobs::JobRunner m_runner; // last: joined before anything above goes
};

}
