// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/dirwalker.h"
#include "scan/mounttree.h"

#include <atomic>
#include <memory>
#include <string>

namespace lk::scan {

/// A folder that was met, known by its name and what it is in: a path is only made where one is needed.
struct FolderName
{
    FolderName(std::shared_ptr<const FolderName> parent_, std::string name_)
        : parent(std::move(parent_))
        , name(std::move(name_))
    {
    }
    FolderName(const FolderName &) = delete;
    FolderName &operator=(const FolderName &) = delete;
    ~FolderName();

    Path path() const;

    mutable std::shared_ptr<const FolderName> parent; ///< null for a root, whose name is its whole path
    std::string name;
    const platform::Mount *mount = nullptr; ///< that it lies on
    const MountTree *mountsBelow = nullptr; ///< null where there are none
};

/// How many folders may stay open for their subfolders' sake. Descriptors are few where the limit is low: then a
/// folder stays open only every so many levels, and what lies between is walked again from the one above.
class OpenFolderBudget
{
public:
    explicit OpenFolderBudget(unsigned most)
        : m_most(most)
    {
    }

    /// Whether a folder that is \a levels below the nearest one that stays open may stay open too. If so, give it
    /// back later.
    bool take(unsigned levels);
    void giveBack() { m_taken.fetch_sub(1, std::memory_order_relaxed); }
    /// The system has no more descriptors: no more than now, from now on.
    void exhausted();

    /// What this process may have open, less what others need: \a threads look into files meanwhile.
    static unsigned forThreads(unsigned threads);

private:
    std::atomic<unsigned> m_taken = 0;
    std::atomic<unsigned> m_most;
};

/// A folder whose subfolders have yet to be entered; closed when the last of them has been.
class OpenFolder
{
public:
    /// \a above: the folder it was opened from; null for a root.
    OpenFolder(std::shared_ptr<const FolderName> name, platform::Descriptor descriptor,
               const std::shared_ptr<const OpenFolder> &above, OpenFolderBudget &budget);
    OpenFolder(const OpenFolder &) = delete;
    OpenFolder &operator=(const OpenFolder &) = delete;
    ~OpenFolder();

    const std::shared_ptr<const FolderName> &name() const { return m_name; }
    /// Beyond its own listing, until the last subfolder was entered.
    bool staysOpen() const { return !m_anchor; }
    int descriptor() const { return m_descriptor.value(); }
    /// Its own listing is over: closes it unless it stays open.
    void listed();

    /// Opens the folder \a child in it, by any thread. Empty with errno in \a error.
    platform::Descriptor open(const std::string &child, int &error) const;

private:
    std::shared_ptr<const FolderName> m_name;
    std::shared_ptr<const OpenFolder> m_anchor; ///< the nearest one above that stays open, if this one doesn't
    unsigned m_levels = 0;                      ///< below m_anchor
    platform::Descriptor m_descriptor;
    OpenFolderBudget *m_budget = nullptr; ///< that it has taken from
};

}
