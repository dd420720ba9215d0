// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "advice/profiles.h"
#include "inspect/configuration.h"

/// What a project's program sets for its connections, what it leaves to its driver, and what would be better. Pure: it
/// looks at values, reads nothing and writes nothing.
namespace lk::advice {

/// Where a value comes from.
enum class Source
{
    Set,           ///< a file says so
    DriverDefault, ///< no file says anything that counts
    Stored,        ///< what the database has; no file says anything
    NotUnderstood, ///< a file says something that can't be known without running the project
};

const char *sourceName(Source source); ///< "set", "driver default", "stored", "not understood"

struct DoctorRow
{
    std::string setting; ///< empty: a line that is not understood at all
    std::string inForce; ///< untrusted; empty where it is not known
    Source source = Source::DriverDefault;
    std::string file{};            ///< where it is said, also where in vain; relative to the project's folder
    int line = 0;                  ///< from 1; 0: nowhere
    std::string recommended{};     ///< empty: better left as it is
    const char *reason = nullptr;  ///< for that; untranslated ("ConnectionSetting"); null where nothing is recommended
    const Rule *finding = nullptr; ///< what is wrong with it, if anything is
};

struct DoctorFinding
{
    Finding finding;
    std::string setting; ///< of which row it speaks
    std::string file{};  ///< the place that is wrong; empty: it is what is missing
    int line = 0;
};

/// One program that uses the database.
struct Diagnosis
{
    const inspect::Driver *driver = nullptr;
    std::string version;        ///< may be empty
    Path root;                  ///< the project's folder
    bool namesThisFile = false; ///< else the database only lies there
    std::vector<DoctorRow> rows;
    std::vector<DoctorFinding> findings{}; ///< the weightiest first
    /// A unified diff that sets what is not set and corrects what is wrong; empty if there is nothing to do, or no
    /// place for it that could be told from the text.
    QString patch{};
};

/// \a profile: what is recommended.
std::vector<Diagnosis> diagnose(const inspect::DatabaseFacts &facts,
                                std::span<const inspect::Configuration> configurations, Profile profile);

/// All that may be found; their judge is null.
std::vector<const Rule *> doctorRules();

}
