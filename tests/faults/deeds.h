// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faults/program.h"
#include "support/temptree.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What litekeeper-cli does to files, each with what has to hold however it ends.
namespace lk::test {

/// Where a deed is tried: everything is fresh, also Litekeeper's own memory.
struct Scene
{
    TempTree tree;
    Path source = tree.folder("source") / "data.db"; ///< the database that is acted on
    Path target = tree.folder("target");             ///< where what is made goes to
    Path own = tree.folder("own");                   ///< Litekeeper's: catalogue, locks, settings
    Path temporary = tree.folder("temporary");       ///< for temporary files

    /// litekeeper-cli with \a arguments, its memory in this scene; \a before it stands what it is run under.
    Outcome run(const QStringList &arguments, const QStringList &before = {}) const;
    /// The same, for who starts it by himself.
    QStringList commandLine(const QStringList &arguments) const;
    /// How often the busiest thread of it calls each of \a calls.
    std::vector<int> count(const QStringList &calls, const QStringList &arguments) const;

    /// Files in \a folder that a person would take for something whole: no partial ones, no sidecars.
    std::vector<Path> visible(const Path &folder) const;
    /// Whatever a run that was killed may have left, by name: empty once it was tidied up.
    std::vector<std::string> leftovers() const;

    /// What is wrong with Litekeeper's own memory.
    QString flawOfMemory() const;

private:
    QStringList environment() const;
};

/// What was there before, to compare with.
struct Reference
{
    std::string before; ///< content of scene.source, see contentHash()
    std::string after;  ///< of what it becomes; the same for most
};

struct Deed
{
    const char *name; ///< a test's row
    /// Makes what the deed needs. Slow: done once, then copied.
    std::function<void(const Scene &)> make;
    std::function<QStringList(const Scene &)> command;
    /// What is wrong with what is on the disk, at any moment: empty if it is old or new. \a done: it was said to be.
    std::function<QString(const Scene &, const Reference &, bool done)> flaw;
    /// Some ends leave a state that a person has to look at first: a second run may say no with this code.
    QString mayRefuse{};
    bool changesContent = false; ///< of scene.source
    /// What has to be made anew in each scene, because it tells where it lies.
    std::function<void(const Scene &)> prepare{};
    /// Done by other programs, through pipes: a close() that strace lets fail leaves its end of one open, as no disk
    /// does.
    bool hasPipes = false;
};

const std::vector<Deed> &deeds();

/// Scenes of one deed, alike: what make() made is copied.
class Stage
{
public:
    explicit Stage(const Deed &deed);

    const Deed &deed() const { return m_deed; }
    const Reference &reference() const { return m_reference; }
    std::unique_ptr<Scene> scene() const;

private:
    const Deed &m_deed;
    std::unique_ptr<Scene> m_template;
    Reference m_reference;
};

/// Whether all points are to be tried, and not only some: LITEKEEPER_FAULTS=full, as `ctest -L faults-full` sets it.
/// LITEKEEPER_FAULTS=100 asks for a hundred of each deed, on databases as large as for all.
bool isFull();

/// A system call, and the how manieth of its kind.
struct Point
{
    QString call;
    int number = 0;
};
/// All points of \a calls in a run of the stage's deed or, unless isFull(), \a sample of them (or as many as
/// were asked for), spread evenly; for all:
/// at most \a mostOfACall of one call.
std::vector<Point> points(const Stage &stage, const QStringList &calls, int sample, int mostOfACall);

}
