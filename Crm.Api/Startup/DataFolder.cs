// Where the data lies when nothing is said: data/crm.db in the folder one stands in, however the program was started.

using Crm.Domain.Stores;

namespace Crm.Api.Startup;

static class DataFolder
{
    const string Usual = "data/crm.db";

    /// <summary>Where <c>dotnet run --project Crm.Api</c> put it before it started the program in the caller's folder.</summary>
    const string Former = "Crm.Api/data/crm.db";

    /// <summary>The usual file's connection, or that of the former place where there is no other: <paramref name="log"/> hears of
    /// that. Two are an error: one of them would be passed over in silence.</summary>
    public static string Find(string root, Action<string> log)
    {
        var (usual, former) = (Path.GetFullPath(Usual, root), Path.GetFullPath(Former, root));
        if (!File.Exists(former))
            return Stores.Embedded + usual;
        if (File.Exists(usual))
            throw new StoreConfigurationException(
                $"There are two databases, '{usual}' and '{former}': ConnectionStrings__Crm=sqlite:PATH says which one is meant, or move the other away."
            );
        log(
            $"The data is at a former place, '{former}'. With the program stopped, the folder can be moved to '{Path.GetDirectoryName(usual)}'."
        );
        return Stores.Embedded + former;
    }
}
