// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/service.h"

#include "base/systemd.h"
#include "platform/datafolder.h"
#include "platform/filereader.h"
#include "platform/program.h"
#include "platform/safefile.h"

#include <QCryptographicHash>

#include <filesystem>
#include <span>

namespace lk::litestream {

using namespace std::chrono_literals;

static constexpr std::string_view Mark = "# Made by Litekeeper";
static constexpr std::uint32_t UnitMode = 0644;
static constexpr const char *PackagedUnit = "litestream.service";

Result<UnitFolders> UnitFolders::usual()
{
    const Result<Path> config = platform::configFolder();
    return config ? Result<UnitFolders>(UnitFolders{.ofPerson = *config / "systemd/user"})
                  : std::unexpected(config.error());
}

// What is written ----------------------------------------------------------------------------------------------------

static Error cantTell(const Path &file, const char *why)
{
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::ProgramFailed,
            .path = file,
            .arguments = {"systemd", why},
            .detail = {}};
}

static std::string commandOf(const Service &service)
{
    std::string command = systemd::word(service.program.native()) + " replicate";
    if (!service.expandEnvironment)
        command += " -no-expand-env";
    return command + " -config " + systemd::word(service.config.native());
}

/// The [Service] of a unit, and of what is added to one.
static std::string serviceSection(const Service &service)
{
    std::string section;
    const auto line = [&](const char *key, const std::string &value) {
        if (!value.empty())
            section += key + ('=' + systemd::line(value)) + '\n';
    };
    if (service.ofSystem) {
        line("User", service.user);
        line("Group", service.group);
    }
    line("EnvironmentFile", service.environmentFile.native());
    return section;
}

static std::string unitNameFor(const Service &service)
{
    const std::string &path = service.config.native();
    const QByteArray hash = QCryptographicHash::hash(QByteArray(path.data(), static_cast<qsizetype>(path.size())),
                                                     QCryptographicHash::Sha256);
    return "litekeeper-litestream-" + hash.toHex().left(8).toStdString() + ".service";
}

Result<UnitFile> unitFileFor(const Service &service, const UnitFolders &folders)
{
    for (const Path *path : {&service.program, &service.config, &service.environmentFile}) {
        if (!path::isUtf8(path->native()))
            return fail(cantTell(*path, "it takes only names that are UTF-8"));
    }
    if (!systemd::takesProgram(service.program.native()))
        return fail(cantTell(service.program, "it takes no program with quotes or backslashes in its path"));
    const std::string head = std::string(Mark) + "; litekeeper-cli litestream service remove takes it away.\n";
    const bool addsToPackage = service.ofSystem && service.config == "/etc/litestream.yml" &&
                               platform::status(folders.ofPackages / PackagedUnit).has_value();
    if (addsToPackage)
        return UnitFile{.path = folders.ofSystem / (std::string(PackagedUnit) + ".d") / "10-litekeeper.conf",
                        .content = head + "[Service]\n" + serviceSection(service) + "ExecStart=\nExecStart=" +
                                   commandOf(service) + '\n', // the empty one takes the package's away
                        .unit = PackagedUnit};
    const std::string unit = unitNameFor(service);
    const std::string target = service.ofSystem ? "multi-user.target" : "default.target";
    return UnitFile{.path = (service.ofSystem ? folders.ofSystem : folders.ofPerson) / unit,
                    .content = head + "[Unit]\nDescription=Litestream: " + systemd::line(service.config.native()) +
                               (service.ofSystem ? "\nWants=network-online.target\nAfter=network-online.target" : "") +
                               "\n\n[Service]\n" + serviceSection(service) + "ExecStart=" + commandOf(service) +
                               "\nRestart=always\nRestartSec=5\n\n[Install]\nWantedBy=" + target + '\n',
                    .unit = unit};
}

// Telling systemd ----------------------------------------------------------------------------------------------------

static Result<void> systemctl(bool ofSystem, std::vector<std::string> arguments)
{
    const Result<Path> program = platform::findProgram("systemctl");
    if (!program)
        return fail(ErrorCode::Unsupported, Reason::ProgramMissing, Path(), {"systemctl"});
    if (!ofSystem)
        arguments.insert(arguments.begin(), "--user");
    const Result<platform::Ran> ran =
        platform::run({.command = {.program = *program, .arguments = std::move(arguments)}}, 30s);
    if (!ran)
        return std::unexpected(ran.error());
    if (ran->status == 0)
        return {};
    std::string said = ran->complained.empty() ? ran->printed : ran->complained;
    while (said.ends_with('\n'))
        said.pop_back();
    return fail(ErrorCode::Unsupported, Reason::ProgramFailed, Path(), {"systemctl", std::move(said)});
}

/// Whether there is one of ours; Refused if it is somebody else's.
static Result<bool> isThere(const UnitFile &file)
{
    const auto reader = platform::FileReader::open(file.path);
    if (!reader)
        return reader.error().code == ErrorCode::NotFound ? Result<bool>(false) : std::unexpected(reader.error());
    std::string begin(Mark.size(), '\0');
    const Result<std::size_t> count = reader->read(0, std::as_writable_bytes(std::span(begin)));
    if (!count)
        return std::unexpected(count.error());
    if (begin != Mark)
        return fail(ErrorCode::Refused, Reason::TargetExists, file.path, {file.path.native()});
    return true;
}

static bool isDropIn(const UnitFile &file)
{
    return file.path.extension() == ".conf";
}

static Result<void> inTurn(bool ofSystem, const std::vector<std::vector<std::string>> &steps)
{
    for (const std::vector<std::string> &step : steps) {
        if (const Result<void> done = systemctl(ofSystem, step); !done)
            return done;
    }
    return {};
}

Result<void> install(const UnitFile &file, bool ofSystem)
{
    const Result<bool> there = isThere(file);
    if (!there)
        return std::unexpected(there.error());
    std::error_code error;
    std::filesystem::create_directories(file.path.parent_path(), error);
    Result<void> done = platform::writeWhole(file.path, file.content, UnitMode);
    if (done)
        done = inTurn(ofSystem, {{"daemon-reload"}, {"enable", file.unit}, {"restart", file.unit}});
    if (!done && !*there) { // one that does not run is none
        platform::removeFile(file.path);
        systemctl(ofSystem, {"daemon-reload"});
    }
    return done;
}

Result<void> remove(const UnitFile &file, bool ofSystem)
{
    const Result<bool> there = isThere(file);
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return fail(ErrorCode::NotFound, file.path);
    if (!isDropIn(file)) {
        if (const Result<void> stopped = systemctl(ofSystem, {"disable", "--now", file.unit}); !stopped)
            return stopped;
    }
    platform::removeFile(file.path);
    return isDropIn(file) ? inTurn(ofSystem, {{"daemon-reload"}, {"restart", file.unit}})
                          : systemctl(ofSystem, {"daemon-reload"});
}

}
