// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lk {

/// What a job is doing, for its row.
enum class Phase
{
    Preparing,
    Waiting, ///< for somebody else's lock
    Reading, ///< reading ahead, or the structure phase of a check
    Checking,
    Copying,
    Verifying, ///< what was written is read back
    Finishing,
};

struct ProgressReport
{
    double fraction = -1;   ///< 0 … 1, never backwards within one job; negative: not known
    std::uint64_t done = 0; ///< in bytes
    Phase phase = Phase::Preparing;
};

/// Where a job says how far it is. Called on the job's thread, as often as the job likes: who shows it throttles.
class Progress
{
public:
    virtual ~Progress() = default;
    virtual void report(const ProgressReport &report) = 0;

    /// For callers who don't want to know.
    static Progress &none();
};

/// One part of a longer job: its 0 … 1 are \a from … \a to of the whole's.
class PartOfProgress final : public Progress
{
public:
    PartOfProgress(Progress &whole, double from, double to)
        : m_whole(whole)
        , m_from(from)
        , m_to(to)
    {
    }

    void setRange(double from, double to)
    {
        m_from = from;
        m_to = to;
    }

    void report(const ProgressReport &report) override
    {
        ProgressReport part = report;
        part.fraction = m_from + (m_to - m_from) * (report.fraction < 0 ? 0 : report.fraction);
        m_whole.report(part);
    }

private:
    Progress &m_whole;
    double m_from;
    double m_to;
};

}
