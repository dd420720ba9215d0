// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"

#include <QByteArray>

#include <expected>
#include <map>

namespace lk::inspect {

/// A table that an application's databases have.
struct TableSign
{
    std::string name;
    std::string word; ///< that its CREATE statement contains; empty: any
};

/// How the databases of one application are told from others.
struct Signs
{
    std::vector<std::uint32_t> applicationIds;
    std::vector<std::uint32_t> userVersions;
    std::vector<std::string> below; ///< "/.mozilla/firefox/": stands in the path
    std::vector<TableSign> tables;  ///< all of them are there
    bool commonName = false;        ///< the file's name proves nothing by itself
    bool commonTables = false;      ///< neither do the tables' names
    bool onlyBelow = false;         ///< nothing counts elsewhere: another entry is for that
};

/// A file name with at most one `*`.
struct NamePattern
{
    std::string start;
    std::string end;
    std::size_t application = 0;
};

/// resources/applications.json, ready to be asked.
struct ApplicationList
{
    std::vector<Application> applications;
    std::vector<Signs> signs; ///< of each
    std::map<std::string, std::vector<std::size_t>, std::less<>> byName;
    std::map<std::string, std::vector<NamePattern>, std::less<>> byEnding; ///< what follows the last dot
    std::map<std::uint32_t, std::size_t> byApplicationId;
    std::map<std::uint32_t, std::size_t> byUserVersion;
};

/// Strict: a name it does not know, anywhere in \a json, is an error that says where it stands.
std::expected<ApplicationList, std::string> parseApplications(const QByteArray &json);

/// That of the program's own resource; read once. Empty if it is broken, which a test rules out.
const ApplicationList &applicationList();

}
