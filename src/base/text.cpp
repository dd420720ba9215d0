// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <chrono>
#include <cstdio>
#include <string_view>

namespace lk::text {

std::string bytes(std::uint64_t count)
{
    static constexpr const char *Units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = static_cast<double>(count);
    std::size_t unit = 0;
    while (value >= 1023.5 && unit + 1 < std::size(Units)) {
        value /= 1024;
        ++unit;
    }
    char buffer[32];
    const int decimals = unit > 0 && value < 9.95 ? 1 : 0;
    std::snprintf(buffer, sizeof buffer, "%.*f %s", decimals, value, Units[unit]);
    return buffer;
}

std::string count(std::uint64_t number)
{
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            out += "\xE2\x80\x89";
        out += digits[i];
    }
    return out;
}

std::string isoTime(std::int64_t nanoseconds)
{
    using namespace std::chrono;
    const sys_seconds when = floor<seconds>(sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(nanoseconds)));
    const sys_days day = floor<days>(when);
    const year_month_day date(day);
    const hh_mm_ss time(when - day);
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return buffer;
}

std::string csvCell(std::string text)
{
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\n\r") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string sqliteVersion(std::uint32_t number)
{
    return std::to_string(number / 1000000) + '.' + std::to_string(number / 1000 % 1000) + '.' +
           std::to_string(number % 1000);
}

}
