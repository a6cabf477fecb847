// By which a workspace tells channels and robots, as a part of its settings.

using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Domain.Traffic;

public static class TrafficInSettings
{
    public static readonly SettingsPart<TrafficRules> Part = new(
        async (settings, reader, cancel) => new(await reader.All<ChannelRule>(cancel), await reader.All<BotRule>(cancel), settings.Sites)
    );

    extension(WorkspaceSettings settings)
    {
        public TrafficRules Traffic => settings.Get(Part);
    }
}
