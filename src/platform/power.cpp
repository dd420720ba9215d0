// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/power.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace lk::platform {

static std::string firstWord(const Path &file)
{
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

bool runsOnBattery(const Path &supplies)
{
    bool discharging = false;
    std::error_code error;
    for (const auto &supply : std::filesystem::directory_iterator(supplies, error)) {
        const Path &folder = supply.path();
        if (firstWord(folder / "type") != "Battery") {
            if (firstWord(folder / "online") == "1")
                return false;                                 // mains, or a charger on USB
        } else if (firstWord(folder / "scope") != "Device") { // not a mouse's
            discharging = discharging || firstWord(folder / "status") == "Discharging";
        }
    }
    return discharging;
}

}
