// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "cli/output.h"

namespace lk::cli {

/// What was found in the file of \a facts: its rule and all its sentences.
Record findingRecord(const advice::Finding &finding, const inspect::DatabaseFacts &facts);
/// That record for people.
std::vector<std::string> findingLines(const Record &finding);

/// Writes a row for each entry of a list in a record: the record's own fields with those of the entry; one without
/// where there is only an error to tell.
class RowWriter final : public Writer
{
public:
    RowWriter(std::unique_ptr<Writer> writer, std::string list)
        : m_writer(std::move(writer))
        , m_list(std::move(list))
    {
    }

    void write(const Record &record) override;
    void finish(const Record &more) override { m_writer->finish(more); }

private:
    std::unique_ptr<Writer> m_writer;
    std::string m_list;
};

}
