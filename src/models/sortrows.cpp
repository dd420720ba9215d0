// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sortrows.h"

#include <algorithm>
#include <span>

namespace lk::models {

// Keys lie side by side while they are compared, so that the rows themselves, all over the memory, are touched once.

namespace {

struct NumberEntry
{
    std::uint64_t key;
    std::uint32_t number;

    auto operator<=>(const NumberEntry &) const = default;
};

struct TextEntry
{
    std::uint64_t key; ///< eight folded bytes, the first the most significant; zeros behind the end
    std::string_view text;
    std::uint32_t number;
};

}

static unsigned char fold(char c)
{
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static std::uint64_t keyAt(std::string_view text, std::size_t from)
{
    std::uint64_t key = 0;
    for (std::size_t i = from; i < from + 8; ++i)
        key = key << 8 | (i < text.size() ? fold(text[i]) : 0u);
    return key;
}

/// How far all texts are alike from \a from on: folders begin with the same dozen letters.
static std::size_t commonEnd(std::span<const TextEntry> entries, std::size_t from)
{
    const std::string_view first = entries.front().text;
    std::size_t end = first.size();
    for (const TextEntry &entry : entries) {
        if (entry.text.data() == first.data())
            continue;
        end = std::min(end, entry.text.size());
        std::size_t same = from;
        while (same < end && fold(entry.text[same]) == fold(first[same]))
            ++same;
        end = same;
        if (end <= from)
            return from;
    }
    return std::max(end, from);
}

/// Texts that differ in nothing but case: by their bytes, then in the order they were found.
static void sortAlike(std::span<TextEntry> entries, bool descending)
{
    std::ranges::sort(entries, [descending](const TextEntry &a, const TextEntry &b) {
        const int difference = a.text.data() == b.text.data() ? 0 : a.text.compare(b.text);
        if (difference != 0)
            return descending ? difference > 0 : difference < 0;
        return a.number < b.number;
    });
}

/// Eight bytes at a time: first by those at \a from, then each run of equal ones by what follows. Paths have no NUL, so
/// a key that ends in one belongs to texts that have ended.
static void sortTexts(std::span<TextEntry> entries, std::size_t from, bool descending)
{
    from = commonEnd(entries, from);
    for (TextEntry &entry : entries)
        entry.key = descending ? ~keyAt(entry.text, from) : keyAt(entry.text, from);
    std::ranges::sort(entries, {}, &TextEntry::key);
    for (auto run = entries.begin(); run != entries.end();) {
        const std::uint64_t key = run->key;
        const auto end = std::find_if(run, entries.end(), [key](const TextEntry &entry) { return entry.key != key; });
        const bool ended = ((descending ? ~key : key) & 0xff) == 0;
        if (end - run > 1 && ended)
            sortAlike({run, end}, descending);
        else if (end - run > 1)
            sortTexts({run, end}, from + 8, descending);
        run = end;
    }
}

static std::vector<std::uint32_t> byText(const RowStore &rows, std::vector<std::uint32_t> numbers, const Order &order,
                                         bool descending)
{
    if (numbers.empty())
        return numbers;
    std::vector<TextEntry> entries;
    entries.reserve(numbers.size());
    for (const std::uint32_t number : numbers)
        entries.push_back({0, order.text(rows[number]), number});
    sortTexts(entries, 0, descending);
    std::ranges::transform(entries, numbers.begin(), &TextEntry::number);
    return numbers;
}

std::vector<std::uint32_t> sortRows(const RowStore &rows, std::vector<std::uint32_t> numbers, const Order &order,
                                    bool descending)
{
    if (order.text)
        return byText(rows, std::move(numbers), order, descending);
    std::vector<NumberEntry> entries;
    entries.reserve(numbers.size());
    for (const std::uint32_t number : numbers) {
        const std::uint64_t key = order.number(rows[number]);
        entries.push_back({descending ? ~key : key, number});
    }
    std::ranges::sort(entries);
    std::ranges::transform(entries, numbers.begin(), &NumberEntry::number);
    return numbers;
}

}
