// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "sqlite/glance.h"

using namespace lk;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const sqlite::Bytes head = fuzz::bytes(data, size);
    const Result<sqlite::Header> header = sqlite::parseHeader(head);
    fuzz::must(header.has_value() == (size >= sqlite::Header::Size && sqlite::hasMagic(head)));

    platform::FileStatus file;
    file.size = size;
    for (const char *name : {"a.db", "Cookies", "a"}) {
        const sqlite::Glance glance = sqlite::judge(file, name, head);
        fuzz::must(glance.stored.has_value() == header.has_value());
        fuzz::must(glance.state != sqlite::State::Database || header.has_value());
    }
    return 0;
}
