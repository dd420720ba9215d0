// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/questions.h"

namespace lk::window {

/// One that is stuck in a dead file system must not keep the others from being answered.
static constexpr unsigned Threads = 3;

Questions::Questions(QObject *parent)
    : QObject(parent)
    , m_runner(Threads)
{
    connect(&m_runner, &jobs::JobRunner::progressed, this, &Questions::progressed);
    connect(&m_runner, &jobs::JobRunner::finished, this, [this](jobs::JobId id) {
        const auto found = m_waiting.find(id);
        if (found == m_waiting.end())
            return;
        const Waiting waiting = std::move(found->second);
        m_waiting.erase(found);
        if (waiting.context)
            waiting.take();
    });
}

jobs::JobId Questions::start(jobs::Job job, QObject *context, std::function<void()> take)
{
    const jobs::JobId id = m_runner.start(std::move(job));
    m_waiting.emplace(id, Waiting{context, std::move(take)});
    return id;
}

void Questions::stop(jobs::JobId id)
{
    if (m_waiting.erase(id) > 0)
        m_runner.stop(id);
}

}
