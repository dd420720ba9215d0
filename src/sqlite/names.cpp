// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/names.h"

#include <algorithm>
#include <array>

namespace lk::sqlite {

using namespace std::literals;

/// Suffixes by which applications name their databases (facts.md, section 6); sorted.
static constexpr std::array Suffixes{
    "anki2"sv,   "anki21"sv, "anki21b"sv, "aup3"sv,    "calibre"sv,  "db"sv,        "db2"sv,   "db3"sv, "fossil"sv,
    "gnucash"sv, "gpkg"sv,   "kexi"sv,    "lrcat"sv,   "mbtiles"sv,  "notes"sv,     "s3db"sv,  "sl2"sv, "sl3"sv,
    "sqlar"sv,   "sqlite"sv, "sqlite2"sv, "sqlite3"sv, "sqlitedb"sv, "storedata"sv, "vscdb"sv,
};

/// Whole names without a telling suffix: browsers', mostly; sorted.
static constexpr std::array Names{
    "Affiliation Database"sv,
    "BrowsingTopicsSiteData"sv,
    "Cookies"sv,
    "DIPS"sv,
    "Extension Cookies"sv,
    "Favicons"sv,
    "History"sv,
    "Login Data"sv,
    "Login Data For Account"sv,
    "Media History"sv,
    "Network Action Predictor"sv,
    "QuotaManager"sv,
    "Reporting and NEL"sv,
    "Safe Browsing Cookies"sv,
    "SharedStorage"sv,
    "Shortcuts"sv,
    "Top Sites"sv,
    "Trust Tokens"sv,
    "Visited Links"sv,
    "Web Data"sv,
};
static_assert(std::ranges::is_sorted(Suffixes));
static_assert(std::ranges::is_sorted(Names));

static std::string_view suffixOf(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

bool hasSearchedSuffix(std::string_view name)
{
    static constexpr std::array Searched{"db"sv, "db3"sv, "s3db"sv, "sl3"sv, "sqlite"sv, "sqlite3"sv};
    return std::ranges::find(Searched, suffixOf(name)) != Searched.end();
}

bool isDatabaseName(std::string_view name)
{
    static constexpr std::size_t Longest = 12;
    const std::string_view suffix = suffixOf(name);
    if (!suffix.empty() && suffix.size() <= Longest) {
        std::array<char, Longest> lower{};
        std::ranges::transform(suffix, lower.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (std::ranges::binary_search(Suffixes, std::string_view(lower.data(), suffix.size())))
            return true;
    }
    return std::ranges::binary_search(Names, name);
}

std::size_t siblingSuffix(std::string_view name)
{
    for (const std::string_view suffix : {"-wal"sv, "-shm"sv, "-journal"sv}) {
        if (name.size() > suffix.size() && name.ends_with(suffix))
            return suffix.size();
    }
    return 0;
}

}
