// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/doctor.h"

namespace lk::advice {

/// A setting of a program's connections, as it takes effect.
struct InForce
{
    std::string value; ///< empty: not known
    Source source = Source::DriverDefault;
    const inspect::Setting *said = nullptr; ///< null: the driver's default
};

/// A database and one program that uses it.
struct Case
{
    const inspect::DatabaseFacts &facts;
    const inspect::Configuration &configuration;

    InForce inForce(std::string_view setting) const;
    bool isWal() const { return inForce("journal_mode").value == "WAL"; }
    bool writes() const { return configuration.driver->writes; }
    const std::string &fileOf(const inspect::Setting &setting) const { return configuration.files[setting.file].name; }
};

/// What people mute, how it is said, and when.
struct DoctorRule
{
    Rule rule;
    std::optional<DoctorFinding> (*judge)(const Case &subject);
};

std::span<const DoctorRule> doctorTable();

}
