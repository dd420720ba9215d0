// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What measured numbers say, and what they don't.
namespace lk::measure {

using Nanoseconds = std::chrono::nanoseconds;

/// How long many things took, within 1.6 %; the longest exactly. Small whatever is put in, so that what several
/// processes and rounds saw can be added up.
class Histogram
{
public:
    void add(Nanoseconds duration);
    void add(const Histogram &other);

    std::uint64_t count() const { return m_count; }
    /// The duration that \a share (0 … 1) of all did not exceed; 0 if there are none.
    Nanoseconds quantile(double share) const;
    Nanoseconds median() const { return quantile(0.5); }
    Nanoseconds longest() const { return m_longest; }

    /// One word, for a pipe.
    std::string text() const;
    static std::optional<Histogram> parse(std::string_view text);

private:
    std::vector<std::uint64_t> m_counts; ///< by bucket; as long as the highest one needs
    std::uint64_t m_count = 0;
    Nanoseconds m_longest{0};
};

/// 0 if there are none.
double median(std::vector<double> numbers);
/// (highest - lowest) / median: 0.1 is ten percent. 0 for less than two, and where the median is 0.
double spread(const std::vector<double> &numbers);

enum class Verdict
{
    Faster, ///< than the first
    Slower,
    NoDifference, ///< none that could be measured
    TooNoisy,     ///< the rounds contradict each other too much to say
    Nothing,      ///< one of them did nothing in some round, or was not measured
};

/// The second of two rates that were measured in turn, against the first.
struct Comparison
{
    Verdict verdict = Verdict::Nothing;
    double ratio = 0; ///< second ÷ first: median of the rounds' ratios; 0 with Nothing
    double lowest = 0;
    double highest = 0;

    bool operator==(const Comparison &) const = default;
};

/// Rounds belong together: what slowed the machine down in one slowed both. A difference counts as measured if it is
/// larger than what the rounds differ by among themselves, and than 5 %; in a single round, than half as much again.
Comparison compare(const std::vector<double> &first, const std::vector<double> &second);

}
