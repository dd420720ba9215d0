// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "sqlite/observervfs.h"

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

namespace lk::operations {

/// How far an integrity check is, from the pages that pass through the looking glass (performance.md, section 3).
///
/// A check has two phases. First it walks every b-tree, each page once: pages read ÷ pages in use. Then it reads the
/// rows of every table, in the same order: the table leaf that was read again last, by its place in that order ÷ table
/// leaves. (The first phase goes through each table backwards. All pages would not do: of an index that rows are looked
/// up in, most are read again at once. Nor would counting: leaves that are still in SQLite's cache are not read again.)
/// How long one phase takes of the whole is
/// guessed at first and corrected as time goes by; what was reported never goes back.
class CheckProgress final : public sqlite::ReadWatcher
{
public:
    /// \a pagesInUse without the freelist. \a quick: without looking rows up in indexes.
    CheckProgress(std::uint32_t pageSize, std::uint32_t pageCount, std::uint32_t pagesInUse, bool quick,
                  Progress &progress);

    /// The root pages of all b-trees. A WITHOUT ROWID table's leaves look like an index's; only its root tells.
    void setRoots(std::span<const std::uint32_t> tables, std::span<const std::uint32_t> indexes);

    void databaseRead(std::uint64_t offset, sqlite::Bytes bytes) override;
    void walRead(std::uint64_t offset, sqlite::Bytes bytes) override;

    /// What is shown: 0 … 1.
    double fraction() const { return m_shown; }

private:
    enum PageFlag : std::uint8_t
    {
        Seen = 1,
        Leaf = 2, ///< counts in the row phase
        SeenAgain = 4,
        TableRoot = 8,
        IndexRoot = 16,
    };

    /// Of some thousand pages.
    struct Piece
    {
        static constexpr std::uint32_t Pages = 1u << 12;
        static constexpr std::uint32_t Sampled = 8; ///< one page in so many has its leaf's place kept

        std::array<std::uint8_t, Pages> flags{};
        std::array<std::uint32_t, Pages / Sampled> places{};
    };

    std::uint8_t *flagsOf(std::uint32_t page);
    std::uint32_t *placeOf(std::uint32_t page);
    void pageRead(std::uint32_t page, sqlite::Bytes bytes);
    bool structureIsDone() const;
    void firstRead(std::uint8_t &flags, std::uint32_t page, sqlite::Bytes bytes);
    void leafReadAgain(std::uint8_t &flags, std::uint32_t page);
    void update();
    double estimate();

    using Clock = std::chrono::steady_clock;

    std::uint32_t m_pageSize;
    std::uint32_t m_pagesInUse;
    double m_structureShare; ///< of the whole time, guessed
    Progress &m_progress;
    /// Flags by page number, in pieces made as pages are met: a header may claim billions of them.
    std::vector<std::unique_ptr<Piece>> m_pages;
    std::vector<std::uint32_t> m_framePages; ///< of the -wal: which page each frame holds
    bool m_inTable = false;
    std::uint64_t m_seen = 0;
    std::uint64_t m_leaves = 0;
    std::uint64_t m_leavesAgain = 0;
    std::vector<std::uint64_t> m_tables; ///< leaves seen before each table's root was
    std::uint64_t m_passed = 0;          ///< leaves up to the farthest that was read again
    std::uint64_t m_bytes = 0;
    std::uint64_t m_sinceUpdate = 0;
    double m_shown = 0;
    Clock::time_point m_start = Clock::now();
    Clock::duration m_structureTime{0}; ///< 0: still in the structure phase
};

}
