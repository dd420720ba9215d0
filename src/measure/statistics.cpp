// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/statistics.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace lk::measure {

// Buckets: one for each nanosecond below 32, then 32 for each power of two.
static constexpr unsigned StepBits = 5;
static constexpr std::uint64_t Steps = 1U << StepBits;
static constexpr std::size_t MostBuckets = (64 - StepBits + 1) * Steps;

static std::size_t bucketOf(std::uint64_t value)
{
    if (value < Steps)
        return value;
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - StepBits;
    return (shift + 1) * Steps + ((value >> shift) & (Steps - 1));
}

/// The middle of what falls into \a bucket.
static std::uint64_t valueOf(std::size_t bucket)
{
    if (bucket < Steps)
        return bucket;
    const auto shift = static_cast<unsigned>(bucket / Steps - 1);
    const std::uint64_t lowest = (Steps + bucket % Steps) << shift;
    return lowest + (1ULL << shift) / 2;
}

void Histogram::add(Nanoseconds duration)
{
    const std::size_t bucket = bucketOf(static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count())));
    if (bucket >= m_counts.size())
        m_counts.resize(bucket + 1);
    ++m_counts[bucket];
    ++m_count;
    m_longest = std::max(m_longest, duration);
}

void Histogram::add(const Histogram &other)
{
    m_counts.resize(std::max(m_counts.size(), other.m_counts.size()));
    for (std::size_t i = 0; i < other.m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_count += other.m_count;
    m_longest = std::max(m_longest, other.m_longest);
}

Nanoseconds Histogram::quantile(double share) const
{
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(m_count)));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < m_counts.size(); ++bucket) {
        seen += m_counts[bucket];
        if (seen > 0 && seen >= wanted)
            return std::min(Nanoseconds(static_cast<std::int64_t>(valueOf(bucket))), m_longest);
    }
    return Nanoseconds(0);
}

std::string Histogram::text() const
{
    std::string text = std::to_string(m_longest.count());
    for (std::size_t bucket = 0; bucket < m_counts.size(); ++bucket) {
        if (m_counts[bucket] > 0)
            text += ',' + std::to_string(bucket) + ':' + std::to_string(m_counts[bucket]);
    }
    return text;
}

/// The number that \a text begins with, which goes; \a end has to follow it or nothing.
static std::optional<std::uint64_t> takeNumber(std::string_view &text, char end)
{
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (!text.empty() && text.front() != end)
        return std::nullopt;
    text.remove_prefix(std::min<std::size_t>(1, text.size()));
    return number;
}

std::optional<Histogram> Histogram::parse(std::string_view text)
{
    const auto longest = takeNumber(text, ',');
    if (!longest)
        return std::nullopt;
    Histogram histogram;
    histogram.m_longest = Nanoseconds(static_cast<std::int64_t>(*longest));
    while (!text.empty()) {
        const auto bucket = takeNumber(text, ':');
        const auto count = bucket ? takeNumber(text, ',') : std::nullopt;
        if (!count || *bucket >= MostBuckets)
            return std::nullopt;
        histogram.m_counts.resize(std::max<std::size_t>(histogram.m_counts.size(), *bucket + 1));
        histogram.m_counts[*bucket] += *count;
        histogram.m_count += *count;
    }
    return histogram;
}

double median(std::vector<double> numbers)
{
    if (numbers.empty())
        return 0;
    std::ranges::sort(numbers);
    const std::size_t middle = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

double spread(const std::vector<double> &numbers)
{
    const double middle = median(numbers);
    if (numbers.size() < 2 || middle <= 0)
        return 0;
    const auto [lowest, highest] = std::ranges::minmax(numbers);
    return (highest - lowest) / middle;
}

Comparison compare(const std::vector<double> &first, const std::vector<double> &second)
{
    static constexpr double LeastRatio = 1.05;
    // Where the rounds differ by more than this, no small difference could have been seen.
    static constexpr double MostSpread = 1.5;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
        if (first[i] <= 0 || second[i] <= 0)
            return {};
        ratios.push_back(second[i] / first[i]);
    }
    if (ratios.empty())
        return {};
    const auto [lowest, highest] = std::ranges::minmax(ratios);
    Comparison comparison{.ratio = median(ratios), .lowest = lowest, .highest = highest};
    // One round alone does not show what rounds differ by.
    const double apart = ratios.size() > 1 ? highest / lowest : MostSpread;
    const double effect = std::max(comparison.ratio, 1 / comparison.ratio);
    if (effect > apart && effect >= LeastRatio)
        comparison.verdict = comparison.ratio > 1 ? Verdict::Faster : Verdict::Slower;
    else
        comparison.verdict = apart < MostSpread ? Verdict::NoDifference : Verdict::TooNoisy;
    return comparison;
}

}
