// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/shared.h"

#include <QFile>
#include <QProcess>

namespace lk::test {

std::optional<Path> shared(std::string_view name)
{
    const Path path = Path(LITEKEEPER_SHARED) / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return std::nullopt;
    return std::filesystem::canonical(path);
}

void copyFolder(const Path &from, const Path &to)
{
    for (const auto &entry : std::filesystem::recursive_directory_iterator(from)) {
        const Path target = to / entry.path().lexically_relative(from);
        if (entry.is_directory())
            std::filesystem::create_directories(target);
        else if (entry.is_regular_file() && !entry.is_symlink()) {
            std::filesystem::create_directories(target.parent_path());
            std::filesystem::copy_file(entry.path(), target);
        }
    }
}

std::optional<Path> makeTree(const Path &folder, int files, int databases)
{
    const auto tool = shared("tools/make_tree.py");
    if (!tool)
        return std::nullopt;
    const Path root = folder / "tree";
    QProcess python;
    python.setStandardOutputFile(QProcess::nullDevice());
    python.setStandardErrorFile(QProcess::nullDevice());
    python.start(QStringLiteral("python3"),
                 {QFile::decodeName(tool->c_str()), QFile::decodeName(root.c_str()), QStringLiteral("--files"),
                  QString::number(files), QStringLiteral("--dbs"), QString::number(databases),
                  QStringLiteral("--manifest"), QFile::decodeName((folder / "manifest.json").c_str())});
    if (!python.waitForFinished(120'000) || python.exitStatus() != QProcess::NormalExit || python.exitCode() != 0)
        return std::nullopt;
    return root;
}

}
