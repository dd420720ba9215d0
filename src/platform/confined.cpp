// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/confined.h"

#include "platform/childprocess.h"
#include "platform/pipe.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#ifdef __linux__
#include <linux/landlock.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace lk::platform {

static constexpr std::chrono::milliseconds Tick{50};

Result<Path> findProgram(std::string_view name)
{
    const char *path = std::getenv("PATH");
    std::string_view folders = path ? path : "";
    const std::string all = std::string(folders) + ":/usr/local/bin:/usr/bin:/bin";
    folders = all;
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const Path program = Path(folders.substr(0, end)) / name;
        folders.remove_prefix(std::min(end + 1, folders.size()));
        // A relative folder would mean another program in each current folder.
        std::error_code error; // a folder of that name can be entered, which is the same permission
        if (program.is_absolute() && std::filesystem::is_regular_file(program, error) &&
            ::access(program.c_str(), X_OK) == 0)
            return resolve(program);
    }
    return fail(ErrorCode::NotFound, Path(name));
}

namespace {

/// All that a child needs, made before it is: between fork() and exec() a process with threads must not allocate.
struct Prepared
{
    std::vector<const char *> arguments;         // ends with null
    std::vector<std::string> environmentStrings; // what the next points to
    std::vector<const char *> environment;       // ends with null
    std::vector<std::string> readable;
    const Confinement *confinement = nullptr;
};

Prepared prepare(const Command &command, const Confinement &confinement)
{
    Prepared prepared;
    prepared.confinement = &confinement;
    prepared.arguments.push_back(command.program.c_str());
    for (const std::string &argument : command.arguments)
        prepared.arguments.push_back(argument.c_str());
    prepared.arguments.push_back(nullptr);
    const std::string &folder = confinement.folder.native();
    prepared.environmentStrings = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + folder, "TMPDIR=" + folder,
                                   "SQLITE_TMPDIR=" + folder};
    for (const std::string &text : prepared.environmentStrings)
        prepared.environment.push_back(text.c_str());
    prepared.environment.push_back(nullptr);
    // Programs and the libraries they need, on the systems there are.
    prepared.readable = {"/usr", "/lib",       "/lib32",     "/lib64", "/bin",
                         "/opt", "/nix/store", "/gnu/store", "/snap",  "/etc/ld.so.cache"};
    prepared.readable.push_back(command.program.parent_path().native());
    return prepared;
}

void limit(decltype(RLIMIT_CPU) what, std::uint64_t most)
{
    const struct rlimit limits = {most, most};
    ::setrlimit(what, &limits);
}

#ifdef __linux__

void allow(int ruleset, const char *path, std::uint64_t access)
{
    landlock_path_beneath_attr rule{};
    rule.allowed_access = access;
    rule.parent_fd = ::open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(rule.parent_fd);
}

/// Landlock (since Linux 5.13): what is not allowed here can't be opened. Older systems do without.
void confineFiles(const Prepared &prepared)
{
    constexpr std::uint64_t Look =
        LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    constexpr std::uint64_t All = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // of the first version
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = All;
    const auto ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
    if (ruleset < 0)
        return;
    for (const std::string &path : prepared.readable)
        allow(ruleset, path.c_str(), path.starts_with("/etc") ? std::uint64_t(LANDLOCK_ACCESS_FS_READ_FILE) : Look);
    allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    allow(ruleset, prepared.confinement->folder.c_str(), All);
    ::syscall(SYS_landlock_restrict_self, ruleset, 0);
    ::close(ruleset);
}

void confine(const Prepared &prepared)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        ::unshare(CLONE_NEWNET);
    confineFiles(prepared);
}

#else

void confine(const Prepared &) {}

#endif

/// In the child, up to the program. Only what a signal handler may do, too.
[[noreturn]] void become(const Prepared &prepared, int in, int out, int complaints, pid_t parent)
{
    ::setsid();
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(complaints, STDERR_FILENO);
    const Confinement &confinement = *prepared.confinement;
    limit(RLIMIT_CPU, static_cast<std::uint64_t>(confinement.processor.count()));
    limit(RLIMIT_AS, confinement.memory);
    limit(RLIMIT_FSIZE, confinement.fileSize);
    limit(RLIMIT_CORE, 0);
    confine(prepared);
    beginAsProgram();
    const bool orphan = ::getppid() != parent; // gone before it could be told to us
    if (!orphan && ::chdir(confinement.folder.c_str()) == 0)
        ::execve(prepared.arguments.front(), const_cast<char *const *>(prepared.arguments.data()),
                 const_cast<char *const *>(prepared.environment.data()));
    ::_exit(127);
}

/// Programs under way; whoever lets go of it ends them.
class Children
{
public:
    ~Children() { endAll(); }

    Result<void> start(const Prepared &prepared, int in, int out, int complaints)
    {
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child < 0)
            return fail(systemError(errno, {}, "fork"));
        if (child == 0)
            become(prepared, in, out, complaints, parent);
        m_running.push_back(child);
        m_statuses.push_back(-1);
        return {};
    }

    /// True once all have ended.
    bool haveEnded()
    {
        for (std::size_t i = 0; i < m_running.size(); ++i) {
            int status = 0;
            if (m_running[i] > 0 && ::waitpid(m_running[i], &status, WNOHANG) == m_running[i])
                take(i, status);
        }
        return std::ranges::all_of(m_running, [](pid_t child) { return child == 0; });
    }

    void endAll()
    {
        for (std::size_t i = 0; i < m_running.size(); ++i) {
            if (m_running[i] == 0)
                continue;
            ::kill(-m_running[i], SIGKILL); // its session
            ::kill(m_running[i], SIGKILL);  // if it had no time to begin one
            int status = 0;
            while (::waitpid(m_running[i], &status, 0) < 0 && errno == EINTR) {
            }
            take(i, status);
        }
    }

    const std::vector<int> &statuses() const { return m_statuses; }

private:
    void take(std::size_t i, int status)
    {
        m_running[i] = 0;
        m_statuses[i] = exitStatus(status);
    }

    std::vector<pid_t> m_running; // 0: ended
    std::vector<int> m_statuses;
};

}

Result<Ended> runConfined(const std::vector<Command> &commands, const Confinement &confinement, std::stop_token stop,
                          const std::function<void()> &tick)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + confinement.time;
    Descriptor in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Result<Pipe> complaints = makePipe();
    if (!complaints)
        return std::unexpected(complaints.error());
    Children children;
    for (const Command &command : commands) {
        Result<Pipe> pipe = makePipe();
        if (!pipe)
            return std::unexpected(pipe.error());
        const Prepared prepared = prepare(command, confinement);
        const Result<void> started =
            children.start(prepared, in.value(), pipe->write.value(), complaints->write.value());
        if (!started)
            return std::unexpected(started.error());
        in = std::move(pipe->read); // of the next, at last ours
    }
    complaints->write = Descriptor();

    Ended ended;
    bool printing = true;
    bool complaining = true;
    while (printing || complaining || !children.haveEnded()) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        if (std::chrono::steady_clock::now() >= giveUpAt) {
            ended.outOfTime = true;
            break;
        }
        std::array<pollfd, 2> waiting{pollfd{printing ? in.value() : -1, POLLIN, 0},
                                      pollfd{complaining ? complaints->read.value() : -1, POLLIN, 0}};
        ::poll(waiting.data(), waiting.size(), static_cast<int>(Tick.count()));
        if (waiting[0].revents != 0)
            printing = drain(in, ended.printed, Ended::MostPrinted);
        if (waiting[1].revents != 0)
            complaining = drain(complaints->read, ended.complained, Ended::MostPrinted);
        tick();
    }
    children.endAll();
    ended.statuses = children.statuses();
    return ended;
}

}
