// SPDX-License-Identifier: GPL-3.0-or-later
// A whole file, looked at with everything that looks. The first byte says how much of the rest is its -wal.
#include "fuzzing.h"

#include "advice/advisor.h"
#include "inspect/gather.h"
#include "inspect/rows.h"
#include "platform/scratchfile.h"

#include <filesystem>
#include <fstream>

using namespace lk;

static void write(const Path &path, const std::uint8_t *data, std::size_t size)
{
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
}

static const Path &folder()
{
    static const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    return folder->path();
}

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const Path path = folder() / "a.db";
    const std::size_t wal = (size - 1) * data[0] / 256;
    write(path, data + 1, size - 1 - wal);
    const Path walPath = folder() / "a.db-wal";
    if (wal > 0)
        write(walPath, data + size - wal, wal);
    else
        std::filesystem::remove(walPath);

    const Result<inspect::DatabaseFacts> facts = inspect::look(path, {}, {.structure = true, .space = true});
    if (!facts)
        return 0;
    (void)advice::advise(*facts);
    if (facts->structure) {
        for (const inspect::SchemaObject &object : facts->structure->objects) {
            if (object.type == inspect::ObjectType::Table)
                (void)inspect::readRows(path, {.table = object.name, .count = 10});
        }
    }
    return 0;
}
