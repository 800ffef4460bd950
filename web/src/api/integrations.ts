import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
import type { CatalogEntry, CatalogType, Intake, Integration, Page, Route } from "./types";

const long = 60000;

export const useIntegrations = () =>
  useQuery({
    queryKey: ["integrations"],
    queryFn: () => get<Page<Integration>>("integrations", { perpage: 100 }),
    staleTime: long,
  });

export const useIntegration = (id: string) =>
  useQuery({ queryKey: ["integration", id], queryFn: () => get<Integration>(`integrations/${id}`) });

export const useIntake = (id: string) =>
  useQuery({ queryKey: ["intake", id], queryFn: () => get<Intake>(`integrations/${id}/intake`), refetchInterval: 15000 });

export const useRoutes = (id: string) =>
  useQuery({
    queryKey: ["routes", id],
    queryFn: () => get<Page<Route>>("routes", { integration_id: id, perpage: 100 }),
  });

export const useCatalog = () =>
  useQuery({ queryKey: ["catalog"], queryFn: () => get<Page<CatalogEntry>>("catalog", { perpage: 100 }), staleTime: Infinity });

export const useCatalogType = (id: string | undefined) =>
  useQuery({
    queryKey: ["catalog", id],
    queryFn: () => get<CatalogType>(`catalog/${id}`),
    enabled: id !== undefined,
    staleTime: Infinity,
  });
