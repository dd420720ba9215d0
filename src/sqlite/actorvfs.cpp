// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/actorvfs.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <span>
#include <vector>

namespace lk::sqlite {

/// What SQLite knows, and the way back to us.
struct ActorVfs::Vfs
{
    sqlite3_vfs base{}; // SQLite's part: first
    ActorVfs *self = nullptr;
};

namespace {

/// One open file; the unix VFS's own lies behind it in memory, as SQLite aligns it: at 8 bytes.
struct ActorFile
{
    sqlite3_file base{}; // SQLite's part: first
    ActorVfs *vfs = nullptr;
    bool heldBack = false;       ///< writes are gathered
    bool temporary = false;      ///< VACUUM writes to it also when all is done
    std::vector<std::byte> held; ///< not written yet
    sqlite3_int64 heldAt = 0;    ///< where it belongs

    sqlite3_file *inner() { return reinterpret_cast<sqlite3_file *>(this + 1); }
    const sqlite3_io_methods &methods() { return *inner()->pMethods; }

    int writeHeld()
    {
        if (held.empty())
            return SQLITE_OK;
        const int code = methods().xWrite(inner(), held.data(), static_cast<int>(held.size()), heldAt);
        held.clear();
        return code;
    }

    int hold(std::span<const std::byte> bytes, sqlite3_int64 offset)
    {
        const bool follows = offset == heldAt + static_cast<sqlite3_int64>(held.size());
        if (!follows || held.size() + bytes.size() > ActorVfs::Piece) {
            if (const int code = writeHeld(); code != SQLITE_OK)
                return code;
        }
        if (held.empty())
            heldAt = offset;
        held.insert(held.end(), bytes.begin(), bytes.end());
        return SQLITE_OK;
    }

    bool isHeld(int amount, sqlite3_int64 offset) const
    {
        return !held.empty() && offset < heldAt + static_cast<sqlite3_int64>(held.size()) && heldAt < offset + amount;
    }
};

ActorFile &of(sqlite3_file *file)
{
    return *reinterpret_cast<ActorFile *>(file);
}

static_assert(alignof(ActorFile) <= 8 && sizeof(ActorFile) % 8 == 0);

/// A name of its own in \a folder, with the second NUL behind it that SQLite's names have.
std::string temporaryName(sqlite3_vfs *vfs, const Path &folder)
{
    std::uint64_t number = 0;
    vfs->xRandomness(vfs, sizeof number, reinterpret_cast<char *>(&number));
    std::array<char, 20> digits{};
    sqlite3_snprintf(static_cast<int>(digits.size()), digits.data(), "%016llx", number);
    return (folder / ("litekeeper-" + std::string(digits.data()))).native() + '\0';
}

}

struct ActorMethods
{
    static ActorVfs &vfs(sqlite3_vfs *base) { return *reinterpret_cast<ActorVfs::Vfs *>(base)->self; }

    static int open(sqlite3_vfs *base, sqlite3_filename name, sqlite3_file *out, int flags, int *outFlags)
    {
        static const sqlite3_io_methods Methods = methods();
        ActorVfs &self = vfs(base);
        auto *file = new (out) ActorFile;
        file->vfs = &self;
        file->temporary = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
        file->heldBack = file->temporary || (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
        std::memset(file->inner(), 0, static_cast<std::size_t>(self.m_base->szOsFile));
        std::string temporary;
        if (!name && !self.m_temporaryFolder.empty())
            name = (temporary = temporaryName(self.m_base, self.m_temporaryFolder)).c_str();
        const int code = self.m_base->xOpen(self.m_base, name, file->inner(), flags, outFlags);
        if (file->inner()->pMethods)
            out->pMethods = &Methods;
        else
            file->~ActorFile();
        return code;
    }

    static int close(sqlite3_file *base)
    {
        ActorFile &file = of(base);
        const int written = file.writeHeld();
        const int code = file.methods().xClose(file.inner());
        file.~ActorFile();
        return code != SQLITE_OK ? code : written;
    }

    static int read(sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
    {
        ActorFile &file = of(base);
        const int code = file.isHeld(amount, offset) ? file.writeHeld() : SQLITE_OK;
        return code != SQLITE_OK ? code : file.methods().xRead(file.inner(), buffer, amount, offset);
    }

    static int write(sqlite3_file *base, const void *buffer, int amount, sqlite3_int64 offset)
    {
        ActorFile &file = of(base);
        ActorVfs &self = *file.vfs;
        if (!file.temporary && !self.m_stopped && self.m_stop.stop_requested()) {
            self.m_stopped = true;
            return SQLITE_IOERR_WRITE;
        }
        const std::span bytes(static_cast<const std::byte *>(buffer), static_cast<std::size_t>(amount));
        const int code =
            file.heldBack ? file.hold(bytes, offset) : file.methods().xWrite(file.inner(), buffer, amount, offset);
        if (code == SQLITE_OK && self.m_watcher)
            self.m_watcher->wrote(bytes.size());
        return code;
    }

    /// A call that the file below answers, once it has what was held back.
    template <auto Method, class... Arguments>
    static int forward(sqlite3_file *base, Arguments... arguments)
    {
        ActorFile &file = of(base);
        const int code = file.writeHeld();
        return code != SQLITE_OK ? code : (file.methods().*Method)(file.inner(), arguments...);
    }
    static void barrier(sqlite3_file *base) { of(base).methods().xShmBarrier(of(base).inner()); }
    static int sectorSize(sqlite3_file *base) { return of(base).methods().xSectorSize(of(base).inner()); }
    static int characteristics(sqlite3_file *base)
    {
        return of(base).methods().xDeviceCharacteristics(of(base).inner());
    }

    static sqlite3_io_methods methods()
    {
        using Io = sqlite3_io_methods;
        Io methods{};
        methods.iVersion = 2; // no memory mapping
        methods.xClose = close;
        methods.xRead = read;
        methods.xWrite = write;
        methods.xTruncate = forward<&Io::xTruncate, sqlite3_int64>;
        methods.xSync = forward<&Io::xSync, int>;
        methods.xFileSize = forward<&Io::xFileSize, sqlite3_int64 *>;
        methods.xLock = forward<&Io::xLock, int>;
        methods.xUnlock = forward<&Io::xUnlock, int>;
        methods.xCheckReservedLock = forward<&Io::xCheckReservedLock, int *>;
        methods.xFileControl = forward<&Io::xFileControl, int, void *>;
        methods.xSectorSize = sectorSize;
        methods.xDeviceCharacteristics = characteristics;
        methods.xShmMap = forward<&Io::xShmMap, int, int, int, void volatile **>;
        methods.xShmLock = forward<&Io::xShmLock, int, int, int>;
        methods.xShmBarrier = barrier;
        methods.xShmUnmap = forward<&Io::xShmUnmap, int>;
        return methods;
    }
};

ActorVfs::ActorVfs(Path temporaryFolder, WriteWatcher *watcher, std::stop_token stop)
    : m_temporaryFolder(std::move(temporaryFolder))
    , m_watcher(watcher)
    , m_stop(std::move(stop))
    , m_base(sqlite3_vfs_find("unix"))
    , m_vfs(std::make_unique<Vfs>())
{
    static std::atomic<unsigned> number{0};
    m_name = "litekeeper-actor-" + std::to_string(++number);
    m_vfs->self = this;
    m_vfs->base = *m_base; // all but opening files is as it is there
    m_vfs->base.pNext = nullptr;
    m_vfs->base.zName = m_name.c_str();
    m_vfs->base.szOsFile = static_cast<int>(sizeof(ActorFile)) + m_base->szOsFile;
    m_vfs->base.xOpen = ActorMethods::open;
    sqlite3_vfs_register(&m_vfs->base, 0);
}

ActorVfs::~ActorVfs()
{
    sqlite3_vfs_unregister(&m_vfs->base);
}

}
