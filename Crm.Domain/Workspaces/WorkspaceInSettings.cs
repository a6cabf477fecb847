// The workspace's own record and its days, as parts of its settings.

using Crm.Domain.Reports;
using Crm.Domain.Work;

namespace Crm.Domain.Workspaces;

public static class WorkspaceInSettings
{
    public static readonly SettingsPart<Workspace> Part = new(async (_, reader, cancel) => (await reader.All<Workspace>(cancel))[0]);

    public static readonly SettingsPart<LocalDays> DaysPart = new(
        (settings, _, _) =>
            new(new LocalDays(TimeZoneInfo.TryFindSystemTimeZoneById(settings.Workspace.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc))
    );

    extension(WorkspaceSettings settings)
    {
        public Workspace Workspace => settings.Get(Part);

        /// <summary>A moment as the workspace's clocks show it.</summary>
        public DateTimeOffset LocalTime(DateTimeOffset moment) =>
            TimeZoneInfo.ConvertTime(
                moment,
                TimeZoneInfo.TryFindSystemTimeZoneById(settings.Workspace.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc
            );

        /// <summary>The days of the workspace's time zone.</summary>
        public LocalDays Days => settings.Get(DaysPart);
    }
}
