// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What is measured: how a program's connections are set up, and what they do.
namespace lk::measure {

/// Without "off": a rollback without a journal leaves a broken database, which would measure nothing.
enum class Journal
{
    Delete,
    Truncate,
    Persist,
    Memory,
    Wal,
};

enum class Synchronous
{
    Off,
    Normal,
    Full,
    Extra,
};

enum class Begin
{
    Deferred,
    Immediate,
};

/// What each connection sets. As it is made here: SQLite's own defaults, but for the waiting, of which it does none,
/// and most drivers five seconds.
struct Configuration
{
    Journal journal = Journal::Delete;
    Synchronous synchronous = Synchronous::Full;
    Begin begin = Begin::Deferred;
    std::chrono::milliseconds busyTimeout{5000};
    std::int64_t cacheSize = -2000; ///< as PRAGMA cache_size has it: pages, or if negative KiB
    std::int64_t mmapSize = 0;      ///< bytes

    bool operator==(const Configuration &) const = default;
};

/// One small thing, done again and again without a pause.
enum class Work
{
    Append,        ///< a transaction that inserts one row into a table with one index
    Update,        ///< one that changes one row, found by its key
    ReadThenWrite, ///< one that reads a row and then changes it
    PointReads,    ///< one row by its key
    Page,          ///< 50 such queries, one after the other: a web page that asks for each thing on it
};

bool writes(Work work);
/// How many queries one piece of reading \a work is.
std::uint64_t queriesOf(Work work);

/// Who does it, each in a process of its own.
struct Load
{
    int writers = 0;
    Work write = Work::Update;
    int readers = 0;
    Work read = Work::PointReads;

    bool operator==(const Load &) const = default;
};

/// One thing that is measured.
struct Cell
{
    std::string name; ///< of the preset, or what differs from the other cells: "WAL + NORMAL"
    Configuration configuration{};
    Load load{};
};

/// A set-up that people read about.
struct Preset
{
    const char *id;    ///< for the command line: "server"
    const char *title; ///< its name: "Rails 8"
    const char *about; ///< where it comes from, English; for the translator too (context "Preset")
    Configuration configuration;
    std::optional<Load> load{}; ///< if it is about a certain one
};

std::span<const Preset> presets();
/// Null if there is none.
const Preset *findPreset(std::string_view id);
/// A small server: four processes that change rows, one that reads them.
Load usualLoad();
/// Only under one load they can be compared: \a load, else what the first of them that is about a certain one asks for,
/// else the usual one.
std::vector<Cell> cellsOf(const std::vector<const Preset *> &chosen, const std::optional<Load> &load);

/// DELETE and WAL, each with synchronous FULL and NORMAL; the rest as \a common says.
std::vector<Cell> journalModes(const Configuration &common, const Load &load);
/// 1, 2, 4 … \a mostReaders readers of a WAL database, each with the default cache, a large one, and mmap.
std::vector<Cell> readScaling(int mostReaders);

// The names that the command line and its records have for these: "wal", "normal", "read-then-write".
const char *nameOf(Journal journal);
const char *nameOf(Synchronous synchronous);
const char *nameOf(Begin begin);
const char *nameOf(Work work);
std::optional<Journal> journalOf(std::string_view name);
std::optional<Synchronous> synchronousOf(std::string_view name);
std::optional<Begin> beginOf(std::string_view name);
std::optional<Work> workOf(std::string_view name);
/// All of them, in the enumerations' order.
std::vector<std::string> journalNames();
std::vector<std::string> synchronousNames();
std::vector<std::string> beginNames();
std::vector<std::string> workNames();

}
