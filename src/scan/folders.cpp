// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/folders.h"

#include <algorithm>
#include <cerrno>
#include <ranges>

namespace lk::scan {

/// One after the other: a chain of a million folders, each the last owner of the one above, must not become a
/// million nested destructors.
FolderName::~FolderName()
{
    std::shared_ptr<const FolderName> next = std::move(parent);
    while (next && next.use_count() == 1)
        next = std::move(next->parent);
}

Path FolderName::path() const
{
    std::vector<const FolderName *> chain;
    std::size_t length = 0;
    for (const FolderName *folder = this; folder; folder = folder->parent.get()) {
        chain.push_back(folder);
        length += folder->name.size() + 1;
    }
    std::string text;
    text.reserve(length);
    for (const FolderName *folder : chain | std::views::reverse) {
        if (!text.empty() && text.back() != '/')
            text += '/';
        text += folder->name;
    }
    return text;
}

bool OpenFolderBudget::take(unsigned levels)
{
    const unsigned most = m_most.load(std::memory_order_relaxed);
    const unsigned taken = m_taken.load(std::memory_order_relaxed);
    // The first half for everyone; of the rest, each half is spread over sixteen times as many levels.
    unsigned step = 1;
    for (unsigned left = most / 2; most - std::min(taken, most) < left && step < (1U << 16); left /= 2)
        step *= 16;
    if (taken >= most || levels < step)
        return false;
    m_taken.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void OpenFolderBudget::exhausted()
{
    m_most.store(std::min(m_most.load(), m_taken.load()));
}

unsigned OpenFolderBudget::forThreads(unsigned threads)
{
    constexpr unsigned ForEachThread = 8; // a folder, a database, its siblings, a resolved path
    constexpr unsigned ForOthers = 48;    // the program's own: windows, jobs, the catalogue
    constexpr unsigned Plenty = 2048;
    const unsigned limit = platform::descriptorLimit();
    const unsigned others = ForEachThread * threads + ForOthers;
    return limit <= others ? 8 : std::min(limit - others, Plenty);
}

OpenFolder::OpenFolder(std::shared_ptr<const FolderName> name, platform::Descriptor descriptor,
                       const std::shared_ptr<const OpenFolder> &above, OpenFolderBudget &budget)
    : m_name(std::move(name))
    , m_descriptor(std::move(descriptor))
{
    if (!above)
        return; // a root stays open, or there would be nothing to walk from
    const auto &anchor = above->staysOpen() ? above : above->m_anchor;
    const unsigned levels = above->m_levels + 1;
    if (budget.take(levels)) {
        m_budget = &budget;
    } else {
        m_anchor = anchor;
        m_levels = levels;
    }
}

OpenFolder::~OpenFolder()
{
    if (m_budget)
        m_budget->giveBack();
}

void OpenFolder::listed()
{
    if (!staysOpen())
        m_descriptor = platform::Descriptor();
}

platform::Descriptor OpenFolder::open(const std::string &child, int &error) const
{
    if (staysOpen())
        return platform::openFolder(m_descriptor.value(), child.c_str(), error);

    std::vector<const std::string *> way;
    for (const FolderName *folder = m_name.get(); folder != m_anchor->m_name.get(); folder = folder->parent.get())
        way.push_back(&folder->name);
    platform::Descriptor passed;
    int from = m_anchor->descriptor();
    for (const std::string *name : way | std::views::reverse) {
        passed = platform::passFolder(from, name->c_str(), error);
        if (!passed)
            return {};
        from = passed.value();
    }
    return platform::openFolder(from, child.c_str(), error);
}

}
