// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/restorable.h"

namespace lk::catalog {

static bool proves(const Entry &entry, const std::string &replica)
{
    const auto is = [&](std::string_view field, const std::string &wanted) {
        const operations::FieldValue *value = entry.field(field);
        const auto *text = value ? std::get_if<std::string>(value) : nullptr;
        return text && *text == wanted;
    };
    return entry.operation == "litestream-test" && entry.status == operations::Status::Done && is("verdict", "ok") &&
           is("replica", replica);
}

std::optional<std::chrono::sys_seconds> lastProved(Memory &memory, const Path &path, const std::string &replica)
{
    if (!memory.isOn())
        return std::nullopt;
    using Entries = std::vector<Entry>;
    const auto all = memory.ask<Entries>([&](Database &database) { return entries(database, {.paths = {path}}); });
    for (const Entry &entry : all.value_or(Entries())) {
        if (proves(entry, replica))
            return std::chrono::floor<std::chrono::seconds>(
                std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(entry.endedNs)));
    }
    return std::nullopt;
}

}
