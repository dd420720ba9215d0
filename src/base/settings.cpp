// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/settings.h"

#include <QFile>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace lk {

namespace {

constexpr std::array ThemeNames{
    std::pair{Theme::System, QLatin1String("system")},
    std::pair{Theme::Light, QLatin1String("light")},
    std::pair{Theme::Dark, QLatin1String("dark")},
};

constexpr QLatin1String ThemeKey("window/theme");
constexpr QLatin1String RecentKey("scan/recent");
constexpr QLatin1String ExcludesKey("scan/excludes");
constexpr QLatin1String MutesKey("advice/muted");
constexpr QLatin1String UnlockedKey("safety/unlocked");
constexpr QLatin1String LitestreamKey("litestream/configs");

QString stateKey(QAnyStringView part)
{
    return QLatin1String("state/") + part.toString();
}

}

Settings::Settings()
    : m_store(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("litekeeper"), QStringLiteral("litekeeper"))
{
}

Settings::Settings(const Path &file)
    : m_store(QFile::decodeName(QByteArray::fromStdString(file.native())), QSettings::IniFormat)
{
}

Theme Settings::theme() const
{
    const QString name = m_store.value(ThemeKey).toString();
    const auto found = std::ranges::find(ThemeNames, name, [](const auto &entry) { return entry.second; });
    return found == ThemeNames.end() ? Theme::System : found->first;
}

void Settings::setTheme(Theme theme)
{
    const auto found = std::ranges::find(ThemeNames, theme, [](const auto &entry) { return entry.first; });
    if (found != ThemeNames.end())
        m_store.setValue(ThemeKey, QString(found->second));
}

std::vector<Path> Settings::recentPlaces() const
{
    std::vector<Path> places;
    for (const std::string &entry : list(RecentKey)) {
        const Path place(entry);
        if (place.is_absolute() && places.size() < RecentPlacesLimit &&
            std::ranges::find(places, place) == places.end())
            places.push_back(place);
    }
    return places;
}

void Settings::addRecentPlace(const Path &place)
{
    std::vector<Path> places = recentPlaces();
    std::erase(places, place);
    places.insert(places.begin(), place);
    places.resize(std::min(places.size(), RecentPlacesLimit));
    std::vector<std::string> entries;
    for (const Path &entry : places)
        entries.push_back(entry.native());
    setList(RecentKey, entries);
}

std::vector<std::string> Settings::excludes() const
{
    std::vector<std::string> globs = list(ExcludesKey);
    std::erase(globs, std::string());
    return globs;
}

void Settings::setExcludes(const std::vector<std::string> &globs)
{
    setList(ExcludesKey, globs);
}

/// An entry is the rule, a colon, and the place: a rule's id has no colon in it.
std::vector<Mute> Settings::mutes() const
{
    std::vector<Mute> mutes;
    for (const std::string &entry : list(MutesKey)) {
        const std::size_t colon = entry.find(':');
        if (colon != std::string::npos && entry.size() > 1)
            mutes.push_back({entry.substr(0, colon), entry.substr(colon + 1)});
    }
    return mutes;
}

void Settings::setMutes(const std::vector<Mute> &mutes)
{
    std::vector<std::string> entries;
    for (const Mute &mute : mutes)
        entries.push_back(mute.rule + ':' + mute.place.native());
    setList(MutesKey, entries);
}

std::vector<Path> Settings::unlockedFolders() const
{
    std::vector<Path> folders;
    for (const std::string &entry : list(UnlockedKey)) {
        if (Path folder(entry); folder.is_absolute())
            folders.push_back(std::move(folder));
    }
    return folders;
}

void Settings::unlock(const std::vector<Path> &folders)
{
    std::vector<std::string> entries = list(UnlockedKey);
    for (const Path &folder : folders) {
        if (std::ranges::find(entries, folder.native()) == entries.end())
            entries.push_back(folder.native());
    }
    setList(UnlockedKey, entries);
}

std::vector<Path> Settings::litestreamConfigs() const
{
    std::vector<Path> configs;
    for (const std::string &entry : list(LitestreamKey)) {
        if (Path(entry).is_absolute())
            configs.emplace_back(entry);
    }
    return configs;
}

void Settings::addLitestreamConfig(const Path &config)
{
    std::vector<std::string> entries = list(LitestreamKey);
    if (std::ranges::find(entries, config.native()) != entries.end())
        return;
    entries.push_back(config.native());
    setList(LitestreamKey, entries);
}

QByteArray Settings::state(QAnyStringView part) const
{
    return m_store.value(stateKey(part)).toByteArray();
}

void Settings::setState(QAnyStringView part, const QByteArray &state)
{
    m_store.setValue(stateKey(part), state);
}

/// Paths and globs are bytes, and what an INI file holds is text: they are kept percent-encoded.
std::vector<std::string> Settings::list(QAnyStringView key) const
{
    std::vector<std::string> entries;
    for (const QString &entry : m_store.value(key).toStringList())
        entries.push_back(QByteArray::fromPercentEncoding(entry.toLatin1()).toStdString());
    // A NUL ends a path for the system: such an entry is none of ours.
    std::erase_if(entries, [](const std::string &entry) { return entry.find('\0') != std::string::npos; });
    return entries;
}

void Settings::setList(QAnyStringView key, const std::vector<std::string> &entries)
{
    QStringList texts;
    for (const std::string &entry : entries)
        texts.append(QString::fromLatin1(QByteArray::fromStdString(entry).toPercentEncoding(QByteArray("/*?[]{} "))));
    m_store.setValue(key, texts);
}

}
