// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QByteArray>
#include <QSettings>

#include <string>
#include <vector>

namespace lk {

enum class Theme
{
    System,
    Light,
    Dark,
};

/// What the person does not want to be told any more.
struct Mute
{
    std::string rule; ///< its id; empty: any
    Path place;       ///< a file, or a folder and all below it; empty: everywhere

    bool operator==(const Mute &) const = default;
};

/// What Litekeeper remembers for this person, in the place the system has for that. A value that can't be understood
/// is as if it weren't there.
class Settings
{
public:
    static constexpr std::size_t RecentPlacesLimit = 10;

    /// The person's own settings.
    Settings();
    /// Those in the INI file \a file; for tests.
    explicit Settings(const Path &file);

    Theme theme() const;
    void setTheme(Theme theme);

    /// Folders that were scanned, the last one first.
    std::vector<Path> recentPlaces() const;
    /// Puts \a place first; the oldest ones beyond the limit go.
    void addRecentPlace(const Path &place);

    /// Globs that scans leave out; see scan::Options.
    std::vector<std::string> excludes() const;
    void setExcludes(const std::vector<std::string> &globs);

    std::vector<Mute> mutes() const;
    void setMutes(const std::vector<Mute> &mutes);

    /// Protected folders in which files may be changed all the same, with all below them.
    std::vector<Path> unlockedFolders() const;
    void unlock(const std::vector<Path> &folders);

    /// Litestream's configurations that the person opened, in that order.
    std::vector<Path> litestreamConfigs() const;
    void addLitestreamConfig(const Path &config);

    /// What a part of the window saved of itself (columns, splitters); empty if nothing.
    QByteArray state(QAnyStringView part) const;
    void setState(QAnyStringView part, const QByteArray &state);

private:
    std::vector<std::string> list(QAnyStringView key) const;
    void setList(QAnyStringView key, const std::vector<std::string> &entries);

    QSettings m_store;
};

}
